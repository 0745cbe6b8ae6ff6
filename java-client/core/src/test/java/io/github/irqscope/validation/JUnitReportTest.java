package io.github.irqscope.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Machine;
import io.github.irqscope.ProcessorSet;
import java.io.InputStreamReader;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import org.apache.maven.plugin.surefire.log.api.NullConsoleLogger;
import org.apache.maven.plugins.surefire.report.ReportTestCase;
import org.apache.maven.plugins.surefire.report.ReportTestSuite;
import org.apache.maven.plugins.surefire.report.TestSuiteXmlParser;
import org.junit.jupiter.api.Test;
import org.xml.sax.SAXException;

/** The JUnit XML, held against its schema and read by surefire's own reader of reports. */
final class JUnitReportTest {
    private static final Machine MACHINE = new Machine(List.of(
            new Machine.Group(1, ProcessorSet.parse("g1:0-15"), 16)), List.of());

    private static String document(String bed, String note) {
        TargetResultTest.Fields lost = new TargetResultTest.Fields();
        lost.lost = 2;
        lost.resource = "message:1";
        return JUnitReport.of(new ValidationReport(bed, null, MACHINE,
                List.of(new TargetResultTest.Fields().result(), lost.result()), false, List.of(note)),
                Instant.parse("2026-01-02T03:04:05.6Z"));
    }

    private static Validator schema() throws SAXException {
        return SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                .newSchema(Path.of(System.getProperty("irqscope.root"), "docs", "junit.xsd").toFile()).newValidator();
    }

    private static List<ReportTestSuite> read(String document) throws Exception {
        return new TestSuiteXmlParser(new NullConsoleLogger()).parse(new InputStreamReader(
                new ByteArrayInputStream(document.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8));
    }

    @Test
    void isOfItsSchema() throws Exception {
        schema().validate(new StreamSource(new StringReader(document("sim", "root0 has no interrupts"))));
        String broken = document("sim", "x").replaceFirst(" classname=\"[^\"]*\"", "");
        assertThrows(SAXException.class, () -> schema().validate(new StreamSource(new StringReader(broken))));
    }

    @Test
    void surefireReadsTheSameCountsNamesAndFailures() throws Exception {
        List<ReportTestSuite> suites = read(document("sim", "x"));
        ReportTestSuite suite = suites.stream().filter(one -> one.getFullClassName().equals("irqscope.sim.edu0")).findFirst()
                .orElseThrow();
        assertEquals(2, suite.getNumberOfTests());
        assertEquals(1, suite.getNumberOfFailures());
        assertEquals(0, suite.getNumberOfErrors());
        assertEquals(0, suite.getNumberOfSkipped());
        List<ReportTestCase> cases = suite.getTestCases();
        assertEquals("message:0 fully-specified-group requested g1:0-15", cases.get(0).getName());
        assertTrue(cases.get(0).isSuccessful());
        assertTrue(cases.get(1).hasFailure());
        assertEquals("LOST", cases.get(1).getFailureType());
        assertTrue(cases.get(1).getFailureMessage().startsWith("LOST where LANDED is expected: 2 of 100 triggers had"),
                cases.get(1).getFailureMessage());
    }

    @Test
    void whatXmlCannotHoldDoesNotBreakIt() throws Exception {
        String document = document("a<b>&\"c\" \u0001 \ud800", "]]> & <x>");
        schema().validate(new StreamSource(new StringReader(document)));
        assertEquals("irqscope.a<b>&\"c\" \ufffd \ufffd.edu0", read(document).stream()
                .filter(suite -> suite.getNumberOfTests() == 2).findFirst().orElseThrow().getFullClassName());
    }
}
