package io.github.irqscope.cli;

/** An option's spelling, what its value is called, and what it is for. Checks of values are in {@link Values}. */
public enum Option {
    DEVICE("--device", '\0', "NAME,...", "only these devices (edu0, igb0)"),
    RESOURCE("--resource", '\0', "R,...", "only these interrupts: line:N or message:N"),
    WAY("--way", '\0', "WAY,...", "only these ways to connect"),
    PROCESSORS("--processors", '\0', "SET", "ask for these: \"g0:0-3,8 g1:0xf0\", node:2, all"),
    GROUP("--group", '\0', "N,...", "ask for all processors of these groups"),
    COUNT("--count", '\0', "N", "triggers for each target"),
    RATE("--rate", '\0', "N/s", "triggers a second; as fast as they are answered unless given"),
    BURST("--burst", '\0', "N", "triggers in a row without waiting; one at a time unless given"),
    MESSAGE("--message", '\0', "N|all", "this message, or all of them"),
    MASKED("--masked", '\0', null, "mask the device first: nothing may arrive"),
    POLICY("--policy", '\0', "NAME|none", "which processors are asked for"),
    PRIORITY("--priority", '\0', "NAME", "how important the interrupts are"),
    MESSAGES("--messages", '\0', "N|off", "Windows may assign so many messages, or only a line"),
    SYSTEM_KEYS("--system-keys", '\0', null, "write Windows' own keys, not the driver's"),
    DRY_RUN("--dry-run", '\0', null, "say what would be written, and write nothing"),
    BACKUP("--backup", '\0', "FILE", "keep there what is about to be changed"),
    NEIGHBOURS("--neighbours", '\0', null, "watch the device's other messages: they may not fire"),
    INF("--inf", '\0', "FILE", "install this INF, which you may have signed"),
    FILES("--files", '\0', "DIR", "where inf/ and the built drivers are"),
    SWEEP("--sweep", '\0', "group|node|processor", "by policy and restart, one target after the other"),
    EXPECT("--expect", '\0', "FILE", "hold the machine against this file (YAML or JSON)"),
    DRIFT("--drift", '\0', "MINUTES", "look that long for interrupts that move"),
    STOP_AT("--stop-at", '\0', "LATENCY", "end at an ISR that comes so late, as 50us or 0.1ms"),
    JUNIT("--junit", '\0', "FILE", "write the results as JUnit XML, too"),
    YES("--yes", '\0', null, "do not ask before policies of a real machine are written"),
    DURATION("--duration", '\0', "TIME", "how long: 2s, 500ms, 10min"),
    LOAD("--load", '\0', "N/s", "interrupts a second that a simulated device makes"),
    AT("--at", '\0', "TIME", "from there on, counted from its beginning"),
    SPEED("--speed", '\0', "N", "play it as watch shows it, N times as fast"),
    EXPORT("--export", '\0', "jsonl|hdr|perfetto", "write it in the form of another tool"),
    TOLERANCE("--tolerance", '\0', "PERCENT", "a change of so much is the same"),
    MARKDOWN("--markdown", '\0', null, "Markdown, for an issue (also when -o names a .md file)"),
    BED("--bed", '\0', "auto|sim|windows", "where the driver lives"),
    BED_NAME("--bed-name", '\0', "vm|metal", "what a real bed calls itself in reports"),
    MACHINE("--machine", '\0', "PRESET|FILE", "which one: 2x64, 32x64, ... or a file"),
    PROFILE("--profile", '\0', "NAME", "its kernel"),
    MODE("--mode", '\0', "documented|observed", "whose answers it gives where both differ"),
    SEED("--seed", '\0', "N", "of everything random in it"),
    FAULT("--fault", '\0', "NAME[,K=V...]", "break it"),
    STATE("--state", '\0', "DIR", "keep its registry in this folder"),
    JSON("--json", '\0', null, "print one JSON document"),
    OUTPUT("--output", 'o', "FILE", "write the data there"),
    COLOR("--color", '\0', "auto|always|never", "colours; NO_COLOR is respected"),
    VERBOSE("--verbose", 'v', null, "say each request to the driver and its status"),
    HELP("--help", 'h', null, "this text"),
    VERSION("--version", '\0', null, "the version");

    /** Options that only a simulated machine has. */
    static final long SIMULATED = MACHINE.bit() | PROFILE.bit() | MODE.bit() | SEED.bit() | FAULT.bit() | STATE.bit();
    /** What every verb takes that prints. */
    static final long PRINTING = JSON.bit() | OUTPUT.bit() | COLOR.bit() | VERBOSE.bit();
    static final long TARGETS = DEVICE.bit() | RESOURCE.bit() | WAY.bit() | PROCESSORS.bit();
    static final long COMMON = SIMULATED | BED.bit() | BED_NAME.bit() | JSON.bit() | OUTPUT.bit() | COLOR.bit()
            | VERBOSE.bit();

    private final String spelling;
    private final char letter;
    private final String value;
    private final String purpose;

    Option(String spelling, char letter, String value, String purpose) {
        this.spelling = spelling;
        this.letter = letter;
        this.value = value;
        this.purpose = purpose;
    }

    /** Its place in a set of options; there may be 64. */
    long bit() {
        return 1L << ordinal();
    }

    public String spelling() {
        return spelling;
    }

    /** NUL when there is no short form. */
    public char letter() {
        return letter;
    }

    /** What its value is called, null for a switch. */
    public String value() {
        return value;
    }

    public String purpose() {
        return purpose;
    }

    public boolean isSimulated() {
        return (SIMULATED & bit()) != 0;
    }

    public static Option find(String spelling) {
        for (Option option : values()) {
            if (option.spelling.equals(spelling)) {
                return option;
            }
        }
        return null;
    }

    public static Option find(char letter) {
        for (Option option : values()) {
            if (option.letter == letter && letter != '\0') {
                return option;
            }
        }
        return null;
    }
}
