package io.github.irqscope.cli.driver;

import io.github.irqscope.cli.ExitCode;
import io.github.irqscope.cli.InputException;
import io.github.irqscope.cli.Option;
import io.github.irqscope.cli.OutputFile;
import io.github.irqscope.cli.Runner;
import io.github.irqscope.cli.UsageException;
import io.github.irqscope.cli.Verb;
import io.github.irqscope.cli.Work;
import io.github.irqscope.inf.Inf;
import io.github.irqscope.inf.InfChecker;
import io.github.irqscope.inf.InfProblem;
import io.github.irqscope.install.DeviceInf;
import io.github.irqscope.install.DriverFiles;
import io.github.irqscope.install.Installer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;

/** `inf`: prints the INF that would be installed, or checks one that is given. */
public final class InfVerb implements Runner {
    private final Work work;

    /** Makes it; nothing is looked at yet. */
    public InfVerb(Work work) {
        this.work = work;
    }

    @Override
    public int run() {
        List<String> words = work.line().operands();
        String device = work.line().text(Option.DEVICE, null);
        if (words.isEmpty() && work.json()) {
            throw new UsageException(Verb.INF, "inf prints an INF as it is; --json is for what it finds in a FILE");
        }
        if (words.isEmpty()) {
            work.out().document(text(device).stripTrailing());
            return ExitCode.FINE;
        }
        if (device != null) {
            throw new UsageException(Verb.INF, "inf checks a FILE or writes one for --device, not both");
        }
        return check(words.get(0));
    }

    private String text(String device) {
        if (device != null) {
            Installer installer = Installer.ofThisSystem(new DriverFiles(Path.of(""), Path.of("")));
            return DeviceInf.text(installer.device(device), Places.VERSION, LocalDate.now());
        }
        Path inf = Places.files(work).inf(DriverFiles.ROOT_INF);
        try {
            return Files.readString(inf, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new InputException(inf + ": it cannot be read: " + OutputFile.reason(e), e);
        }
    }

    private int check(String name) {
        List<InfProblem> problems;
        try {
            problems = InfChecker.check(Inf.read(Places.path(work, Option.INF, name)));
        } catch (NoSuchFileException e) {
            throw new InputException(name + ": there is no such file", e);
        } catch (IOException e) {
            throw new InputException(name + ": it cannot be read: " + OutputFile.reason(e), e);
        }
        if (work.json()) {
            Places.document(work, json -> {
                json.field("file", name).field("accepted", problems.isEmpty()).name("problems").beginArray();
                for (InfProblem problem : problems) {
                    json.beginObject().field("line", problem.line()).field("rule", problem.rule().label());
                    json.field("message", problem.message()).endObject();
                }
                json.endArray();
            });
        } else {
            problems.forEach(problem -> work.out().line(problem.toString()));
            work.out().line(problems.isEmpty() ? name + " keeps every rule that is checked" : name + ": "
                    + problems.size() + (problems.size() == 1 ? " problem" : " problems"));
        }
        return problems.isEmpty() ? ExitCode.FINE : ExitCode.NOT_AS_EXPECTED;
    }
}
