package io.github.irqscope.suite.bed;

import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A test that runs once on every chosen bed, or, with cases, once a case and bed. It may take a {@link Lab} and its
 * case as parameters. Its names end in the bed's: {@code [sim]}. Afterwards the driver must be at rest.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(BedExtension.class)
public @interface OnBeds {
    /** The name of a static method of the class, without parameters, that makes a list of cases. */
    String cases() default "";

    /** The same for beds that lack {@link Need#PACE}: the few that differ most. */
    String few() default "";

    /** What it needs that a bed may lack; on such a bed there is no such test. */
    Need[] needs() default Need.MACHINE;
}
