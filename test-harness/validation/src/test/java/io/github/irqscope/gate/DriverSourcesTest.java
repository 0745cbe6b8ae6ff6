package io.github.irqscope.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

/** The driver's sources say what Microsoft's analysers ask for, and the check of it notices what is missing. */
class DriverSourcesTest {
    private static DriverSources driver() throws IOException {
        return DriverSources.of(Path.of(System.getProperty("irqscope.root"), "driver-src", "wdm"));
    }

    private static DriverSources text(String source) {
        return new DriverSources(Map.of("one.c", source));
    }

    @Test
    void everyRoutineThatTheKernelCallsHasItsRole() throws IOException {
        assertEquals(List.of(), driver().missingRoles());
        assertTrue(driver().routinesGivenToTheKernel() >= 30, driver().routinesGivenToTheKernel() + " were found");
    }

    @Test
    void everyDefinitionTakesOverItsDeclaration() throws IOException {
        assertEquals(List.of(), driver().definitionsWithoutTheirAnnotations());
    }

    @Test
    void everyPointerHasADirection() throws IOException {
        assertEquals(List.of(), driver().pointersWithoutDirection());
    }

    @Test
    void pagedCodeIsCheckedAndCheckedCodeIsPaged() throws IOException {
        assertEquals(List.of(), driver().pagedCodeThatIsNotSaid());
    }

    @Test
    void aDispatchRoutineWithoutItsRoleIsNoticed() {
        assertEquals(List.of("ProbeRead is no DRIVER_DISPATCH of IRP_MJ_READ"),
                text("_Dispatch_type_(IRP_MJ_WRITE) DRIVER_DISPATCH ProbeRead;\nDriver->MajorFunction[IRP_MJ_READ] = ProbeRead;\n")
                        .missingRoles());
        assertEquals(List.of("ProbeDpc is no KDEFERRED_ROUTINE"),
                text("static VOID ProbeDpc(PKDPC Dpc);\nKeInitializeDpc(&Lane->Dpc, ProbeDpc, Lane);\n").missingRoles());
    }

    @Test
    void whatElseIsMissingIsNoticed() {
        assertEquals(List.of("one.c: ProbeStart"), text("""
                VOID ProbeStart(_Inout_ PROBE *Probe);
                VOID ProbeStart(PROBE *Probe)
                {
                }
                """).definitionsWithoutTheirAnnotations());
        assertEquals(List.of("one.c: ProbeStop: PIRP Irp"), text("""
                static VOID ProbeStop(_In_ const PROBE *Probe, PIRP Irp, ULONG Count)
                {
                }
                """).pointersWithoutDirection());
        assertEquals(List.of("one.c: ProbePaged does not check its IRQL", "one.c: ProbeOther is in no paged section"), text("""
                #pragma alloc_text(PAGE, ProbePaged)
                static VOID ProbePaged(VOID)
                {
                    Work();
                }
                static VOID ProbeOther(VOID)
                {
                    PAGED_CODE();
                }
                """).pagedCodeThatIsNotSaid());
    }
}
