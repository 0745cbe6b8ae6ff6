import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Writes the commit that is built into a file, for the version that the command line tells: FILE ROOT. */
public final class WriteCommit {
    private WriteCommit() {
    }

    public static void main(String[] words) throws IOException, InterruptedException {
        Path file = Path.of(words[0]);
        Path root = Path.of(words[1]);
        /* Sources may come from an archive, and lie inside somebody's clone of something else. */
        String commit = Files.exists(root.resolve(".git")) ? git(root, "rev-parse", "--short=12", "HEAD") : "";
        if (commit.isEmpty()) {
            commit = "unknown";
        } else if (!git(root, "status", "--porcelain", "--untracked-files=no").isEmpty()) {
            commit += " with changes";
        }
        Files.createDirectories(file.getParent());
        Files.writeString(file, commit + "\n");
    }

    /* Empty where there is no git. */
    private static String git(Path root, String... words) throws InterruptedException {
        String[] command = new String[words.length + 3];
        command[0] = "git";
        command[1] = "-C";
        command[2] = root.toString();
        System.arraycopy(words, 0, command, 3, words.length);
        try {
            Process git = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            git.getOutputStream().close();
            String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor(60, TimeUnit.SECONDS) && git.exitValue() == 0 ? said : "";
        } catch (IOException e) {
            return "";
        }
    }
}
