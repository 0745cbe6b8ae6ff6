package io.github.irqscope.suite.bed;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Makes the runs of an {@link OnBeds} test, hands it its {@link Lab}, and looks afterwards whether all is at rest. */
public final class BedExtension implements TestTemplateInvocationContextProvider {
    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return context.getTestMethod().map(method -> method.isAnnotationPresent(OnBeds.class)).orElse(false);
    }

    /* A bed that lacks what the test needs has no such test, so there may be none at all; Beds tells of them. */
    @Override
    public boolean mayReturnZeroTestTemplateInvocationContexts(ExtensionContext context) {
        return true;
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        Method method = context.getRequiredTestMethod();
        OnBeds wanted = method.getAnnotation(OnBeds.class);
        List<BedUnderTest> beds = Beds.chosen().stream()
                .filter(bed -> Collections.disjoint(bed.lacks(), List.of(wanted.needs()))).toList();
        List<TestTemplateInvocationContext> runs = new ArrayList<>();
        for (BedUnderTest bed : beds) {
            String cases = !wanted.few().isEmpty() && bed.lacks().contains(Need.PACE) ? wanted.few() : wanted.cases();
            int number = 0;
            for (Object each : cases(context.getRequiredTestClass(), cases)) {
                runs.add(new Run(bed, each, ++number, Set.of(wanted.needs())));
            }
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

    private record Run(BedUnderTest bed, Object each, int number, Set<Need> needs) implements TestTemplateInvocationContext {
        @Override
        public String getDisplayName(int index) {
            return (each == null ? "" : each + " ") + "[" + bed.name() + "]";
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            List<Extension> extensions = new ArrayList<>(List.of(new Presence(bed), new Parameters(bed, each)));
            bed.elsewhere(needs).ifPresent(jvm -> extensions.add(new Mirror(jvm, number)));
            return extensions;
        }
    }

    /* A bed that is not here is a skipped test with its reason; a demanded one is not skipped, so it fails. */
    private record Presence(BedUnderTest bed) implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            Optional<String> missing = Beds.missing(bed);
            if (missing.isPresent() && !Beds.demanded().contains(bed.name())) {
                return ConditionEvaluationResult.disabled(bed.name() + " is not here: " + missing.get());
            }
            return ConditionEvaluationResult.enabled(bed.name() + " is here");
        }
    }

    /* In the other JVM this bed is the only one, so a test's number there is that of its case. */
    private record Mirror(Elsewhere jvm, int number) implements InvocationInterceptor {
        @Override
        public void interceptTestTemplateMethod(Invocation<Void> invocation,
                ReflectiveInvocationContext<Method> method, ExtensionContext context) throws Throwable {
            invocation.skip();
            jvm.run(context.getUniqueId().replaceFirst("#\\d+\\]$", "#" + number + "]"));
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
