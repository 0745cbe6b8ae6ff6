package io.github.irqscope.suite;

import io.github.irqscope.Bed;
import io.github.irqscope.suite.judge.Judge;
import io.github.irqscope.validation.Validation;
import io.github.irqscope.validation.ValidationOptions;
import io.github.irqscope.validation.ValidationReport;

import java.util.List;
import java.util.Map;

/** One validation, its verdicts recomputed. */
record Run(ValidationReport report, Map<String, Object> json) {
    static Run of(Bed bed, ValidationOptions options) {
        ValidationReport report = new Validation(bed, options, target -> { }).run();
        return new Run(report, Judge.check(report.toJson()));
    }

    String verdict() {
        return (String) json.get("verdict");
    }

    List<Map<String, Object>> targets() {
        return Judge.targets(json);
    }

    /** The targets that are not as expected. */
    List<Map<String, Object>> unexpected() {
        return targets().stream().filter(target -> !Judge.asExpected(target)).toList();
    }

    /** Those of one verdict. */
    List<Map<String, Object>> unexpected(String verdict) {
        return unexpected().stream().filter(target -> target.get("verdict").equals(verdict)).toList();
    }
}
