package io.github.irqscope.cli;

import java.util.ArrayList;
import java.util.List;

/** `completion`: what a shell must know to complete our words, made from the verbs and options themselves. */
final class Completion implements Runner {
    private static final String[] SHELLS = {"bash", "zsh", "fish", "powershell"};

    private final Work work;

    Completion(Work work) {
        this.work = work;
    }

    @Override
    public int run() {
        String shell = work.line().operands().get(0);
        String script = switch (shell) {
            case "bash" -> bash();
            case "zsh" -> zsh();
            case "fish" -> fish();
            case "powershell" -> powershell();
            default -> throw new UsageException(Verb.COMPLETION, shell + ": one of bash, zsh, fish and powershell"
                    + NearMatches.hint(shell, SHELLS));
        };
        work.out().text(script);
        return ExitCode.FINE;
    }

    // ---- What can be completed -----------------------------------------------------------------------------------

    /** The words that a value may be; empty where they are not known beforehand. */
    static String[] words(Option option) {
        return switch (option) {
            case BED -> Values.BEDS;
            case BED_NAME -> Values.BED_NAMES;
            case PROFILE -> Values.PROFILES;
            case MODE -> Values.MODES;
            case COLOR -> Values.COLORS;
            case WAY -> Values.WAYS;
            case FAULT -> Values.FAULTS;
            case MACHINE -> new String[] {"1x8", "2x64", "64/16/64", "64/32/64", "48/16", "40/40", "4x2", "32x64"};
            default -> alternatives(option.value());
        };
    }

    /** group|node|processor: words to choose from, when they are lower case; NAME is none. */
    private static String[] alternatives(String shown) {
        if (shown == null || shown.indexOf('|') < 0) {
            return new String[0];
        }
        List<String> words = new ArrayList<>();
        for (String word : shown.split("\\|")) {
            if (word.equals(word.toLowerCase(java.util.Locale.ROOT))) {
                words.add(word);
            }
        }
        return words.toArray(new String[0]);
    }

    private static boolean isFile(String shown) {
        return shown != null && (shown.contains("FILE") || shown.contains("DIR"));
    }

    private static List<Option> options(Verb verb) {
        List<Option> options = new ArrayList<>();
        for (Option option : Option.values()) {
            if (verb.takes(option) || option == Option.HELP && verb != Verb.HELP) {
                options.add(option);
            }
        }
        return options;
    }

    /** What may stand behind the verb, and is no option. */
    private static String[] operands(Verb verb) {
        return verb == Verb.HELP ? Verb.words() : alternatives(verb.operands().shown());
    }

    private static String spellings(Option option) {
        return option.letter() == '\0' ? option.spelling() : "-" + option.letter() + "|" + option.spelling();
    }

    // ---- The shells ----------------------------------------------------------------------------------------------

    private static String bash() {
        StringBuilder text = new StringBuilder("""
                # Completion of irqscope for bash: source <(irqscope completion bash)
                _irqscope() {
                    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} verb= words= i
                    # bash parts --bed=sim into three words.
                    if [[ $current == = ]]; then
                        current=
                    elif [[ $previous == = ]]; then
                        previous=${COMP_WORDS[COMP_CWORD-2]}
                    fi
                    COMPREPLY=()
                    for ((i = 1; i < COMP_CWORD; i++)); do
                        case ${COMP_WORDS[i]} in
                """);
        text.append("            ").append(String.join("|", Verb.words())).append(")\n");
        text.append("""
                                verb=${COMP_WORDS[i]}
                                break
                                ;;
                        esac
                    done
                    case $previous in
                """);
        StringBuilder free = new StringBuilder();
        StringBuilder files = new StringBuilder();
        for (Option option : Option.values()) {
            String[] words = words(option);
            if (option.value() == null) {
                continue;
            } else if (isFile(option.value())) {
                files.append(files.length() == 0 ? "" : "|").append(spellings(option));
            }
            if (words.length > 0) {
                text.append("        ").append(spellings(option)).append(")\n            mapfile -t COMPREPLY < <(compgen "
                        + (isFile(option.value()) ? "-f " : "") + "-W '").append(String.join(" ", words))
                        .append("' -- \"$current\")\n            return\n            ;;\n");
            } else if (!isFile(option.value())) {
                free.append(free.length() == 0 ? "" : "|").append(spellings(option));
            }
        }
        text.append("        ").append(files).append(")\n            compopt -o filenames 2>/dev/null\n"
                + "            mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n            return\n            ;;\n");
        text.append("        ").append(free).append(")\n            return\n            ;;\n    esac\n    case $verb in\n");
        text.append("        '') words='").append(String.join(" ", Verb.words())).append(" --help --version' ;;\n");
        for (Verb verb : Verb.values()) {
            text.append("        ").append(verb.word()).append(") words='");
            String gap = "";
            for (String word : operands(verb)) {
                text.append(gap).append(word);
                gap = " ";
            }
            for (Option option : options(verb)) {
                text.append(gap).append(option.spelling());
                gap = " ";
            }
            text.append("' ;;\n");
        }
        text.append("    esac\n    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n");
        text.append("    case $verb in\n        ").append(String.join("|", verbsWithFile())).append("""
                )
                            if [[ $current != -* ]]; then
                                compopt -o filenames 2>/dev/null
                                mapfile -t COMPREPLY < <(compgen -f -- "$current")
                            fi
                            ;;
                    esac
                }
                complete -F _irqscope irqscope
                """);
        return text.toString();
    }

    private static List<String> verbsWithFile() {
        List<String> verbs = new ArrayList<>();
        for (Verb verb : Verb.values()) {
            if (isFile(verb.operands().shown())) {
                verbs.add(verb.word());
            }
        }
        return verbs;
    }

    private static String zsh() {
        StringBuilder text = new StringBuilder("""
                #compdef irqscope
                # Completion of irqscope for zsh: irqscope completion zsh > a folder of $fpath/_irqscope
                _irqscope() {
                    local -a verbs
                    if (( CURRENT == 2 )); then
                        verbs=(
                """);
        for (Verb verb : Verb.values()) {
            text.append("            ").append(quote(verb.word() + ":" + verb.purpose().replace(":", "\\:"))).append('\n');
        }
        text.append("""
                        )
                        _describe verb verbs
                        return
                    fi
                    local verb=$words[2]
                    shift words
                    (( CURRENT-- ))
                    case $verb in
                """);
        for (Verb verb : Verb.values()) {
            text.append("        ").append(verb.word()).append(")\n            _arguments");
            for (Option option : options(verb)) {
                String help = "[" + option.purpose().replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
                        .replace(":", "\\:") + "]";
                String action = option.value() == null ? "" : ":" + option.value().replace(":", "\\:") + ":"
                        + action(words(option), isFile(option.value()));
                text.append(" \\\n                ").append(quote(option.spelling() + help + action));
                if (option.letter() != '\0') {
                    text.append(" \\\n                ").append(quote("-" + option.letter() + help + action));
                }
            }
            if (verb.operands().most() > 0) {
                text.append(" \\\n                ").append(quote("1:" + verb.operands().shown().replace("[", "").replace("]",
                        "") + ":" + action(operands(verb), isFile(verb.operands().shown()))));
            }
            text.append("\n            ;;\n");
        }
        // Loaded by the completion system the file is the function's body; sourced it registers the function.
        return text.append("""
                    esac
                }
                if [[ $funcstack[1] == _irqscope ]]; then
                    _irqscope "$@"
                else
                    compdef _irqscope irqscope
                fi
                """).toString();
    }

    private static String action(String[] words, boolean file) {
        return words.length > 0 ? "(" + String.join(" ", words) + ")" : file ? "_files" : " ";
    }

    private static String fish() {
        StringBuilder text = new StringBuilder("# Completion of irqscope for fish: irqscope completion fish | source\n"
                + "complete -c irqscope -f\n");
        for (Verb verb : Verb.values()) {
            text.append("complete -c irqscope -n __fish_use_subcommand -a ").append(verb.word()).append(" -d ")
                    .append(quote(verb.purpose())).append('\n');
        }
        for (Verb verb : Verb.values()) {
            String start = "complete -c irqscope -n '__fish_seen_subcommand_from " + verb.word() + "'";
            String[] operands = operands(verb);
            if (operands.length > 0) {
                text.append(start).append(" -a ").append(quote(String.join(" ", operands))).append('\n');
            } else if (isFile(verb.operands().shown())) {
                text.append(start).append(" -F\n");
            }
            for (Option option : options(verb)) {
                String[] words = words(option);
                text.append(start).append(" -l ").append(option.spelling().substring(2));
                text.append(option.letter() == '\0' ? "" : " -s " + option.letter());
                if (option.value() != null) {
                    text.append(words.length > 0 ? " -x -a " + quote(String.join(" ", words))
                            : isFile(option.value()) ? " -r -F" : " -x");
                }
                text.append(" -d ").append(quote(option.purpose())).append('\n');
            }
        }
        return text.toString();
    }

    private static String powershell() {
        StringBuilder text = new StringBuilder("""
                # Completion of irqscope for PowerShell: irqscope completion powershell | Out-String | Invoke-Expression
                Register-ArgumentCompleter -Native -CommandName irqscope, irqscope.cmd -ScriptBlock {
                    param($word, $ast, $position)
                    $verbs = [ordered]@{
                """);
        for (Verb verb : Verb.values()) {
            text.append("        '").append(verb.word()).append("' = @(");
            String gap = "";
            for (String operand : operands(verb)) {
                text.append(gap).append(single(operand));
                gap = ", ";
            }
            for (Option option : options(verb)) {
                text.append(gap).append(single(option.spelling()));
                gap = ", ";
            }
            text.append(")\n");
        }
        text.append("    }\n    $values = @{\n");
        for (Option option : Option.values()) {
            String[] words = words(option);
            if (words.length > 0) {
                text.append("        '").append(option.spelling()).append("' = @('").append(String.join("', '", words))
                        .append("')\n");
            }
        }
        return text.append("""
                    }
                    $given = @($ast.CommandElements | Select-Object -Skip 1 | Where-Object {
                        $_.Extent.EndOffset -lt $position } | ForEach-Object { $_.ToString() })
                    $verb = $given | Where-Object { $verbs.Contains($_) } | Select-Object -First 1
                    $last = if ($given.Count -gt 0) { $given[-1] } else { '' }
                    $known = if ($values.ContainsKey($last)) { $values[$last] }
                        elseif ($verb) { $verbs[$verb] }
                        else { @($verbs.Keys) + '--help' + '--version' }
                    $known | Where-Object { $_ -like "$word*" } | ForEach-Object {
                        [System.Management.Automation.CompletionResult]::new($_) }
                }
                """).toString();
    }

    private static String single(String word) {
        return "'" + word.replace("'", "''") + "'";
    }

    /** In single quotes, as POSIX shells, zsh and fish read them. */
    private static String quote(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
