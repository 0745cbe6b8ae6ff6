package io.github.irqscope.suite.bed;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes the runs of an {@link OnBeds} test, hands it its {@link Lab}, and looks afterwards whether all is at rest. */
public final class BedExtension implements TestTemplateInvocationContextProvider {
    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return context.getTestMethod().map(method -> method.isAnnotationPresent(OnBeds.class)).orElse(false);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        Method method = context.getRequiredTestMethod();
        OnBeds wanted = method.getAnnotation(OnBeds.class);
        List<TestTemplateInvocationContext> runs = new ArrayList<>();
        for (Object each : cases(context.getRequiredTestClass(), wanted.cases())) {
            for (BedUnderTest bed : Beds.chosen()) {
                runs.add(new Run(bed, each, wanted.simulated()));
            }
        }
        if (runs.isEmpty()) {
            throw new IllegalStateException("no bed is left for " + method.getName() + ": beds="
                    + System.getProperty("beds"));
        }
        return runs.stream();
    }

    private static List<?> cases(Class<?> type, String name) {
        if (name.isEmpty()) {
            return Collections.singletonList(null);
        }
        try {
            Method source = type.getDeclaredMethod(name);
            source.setAccessible(true);
            return (List<?>) source.invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the cases " + name + " of " + type.getSimpleName() + " cannot be made", e);
        }
    }

    private record Run(BedUnderTest bed, Object each, boolean simulated) implements TestTemplateInvocationContext {
        @Override
        public String getDisplayName(int index) {
            return (each == null ? "" : each + " ") + "[" + bed.name() + "]";
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(new Presence(bed, simulated), new Parameters(bed, each));
        }
    }

    /* A bed that is not here is a skipped test with its reason; a demanded one is not skipped, so it fails. */
    private record Presence(BedUnderTest bed, boolean simulated) implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (simulated && !bed.simulatesMachines()) {
                return ConditionEvaluationResult.disabled(bed.name() + " cannot be given a machine of our choice");
            }
            Optional<String> missing = Beds.missing(bed);
            if (missing.isPresent() && !Beds.demanded().contains(bed.name())) {
                return ConditionEvaluationResult.disabled(bed.name() + " is not here: " + missing.get());
            }
            return ConditionEvaluationResult.enabled(bed.name() + " is here");
        }
    }

    private static final class Parameters implements ParameterResolver, AfterEachCallback {
        private final Lab lab;
        private final Object each;

        Parameters(BedUnderTest bed, Object each) {
            this.lab = new Lab(bed);
            this.each = each;
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            Class<?> type = parameter.getParameter().getType();
            return type == Lab.class || each != null && type.isInstance(each);
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Lab.class ? lab : each;
        }

        @Override
        public void afterEach(ExtensionContext context) throws Exception {
            String name = context.getRequiredTestClass().getSimpleName() + "."
                    + context.getRequiredTestMethod().getName() + " " + context.getDisplayName();
            lab.end(name, context.getExecutionException().isPresent());
        }
    }
}
