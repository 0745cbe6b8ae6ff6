package io.github.irqscope.inf;

/**
 * The rules that {@link InfChecker} holds an INF against. Those with a code are InfVerif's, by the code of Microsoft's
 * page "INF Validation Errors and Warnings"; the others are this project's own.
 */
public enum InfRule {
    SIGNATURE(1001, "[Version] is there and its signature is $Windows NT$"),
    SYNTAX(1002, "every line reads"),
    ENCODING(1003, "plain ASCII, or UTF-16LE with its byte order mark"),
    NAME_REQUIRED(1005, "a directive that names a section does name one"),
    DISK_ID(1008, "a source file has a disk number"),
    GUID_FORM(1010, "ClassGuid has the form of a GUID"),
    MODELS_NAME(1011, "a line of [Manufacturer] names its models section"),
    SERVICE_VALUE(1014, "ServiceType, StartType and ErrorControl are numbers that mean something"),
    DUPLICATE_DIRECTIVE(1088, "a directive that counts once stands once"),
    DESTINATION_FOLDER(1100, "a file that runs from the driver store keeps its folder and its name"),
    NEWER_THAN_TARGET(1199, "DIRID 13 is used only where Windows 10 1709 (build 16299) or later is asked for"),
    EXTRA_VALUE(1201, "no directive of [Version] has more values than it can have"),
    SECTION_MISSING(1203, "every section that is named exists"),
    PROVIDER(1204, "the provider is not Microsoft"),
    TWO_USES(1205, "a section is used by one kind of directive"),
    SECTION_TWICE(1209, "a section stands once"),
    TWO_SERVICES(1211, "a device has one function driver"),
    CATALOG_AS_SOURCE(1213, "the catalog is not listed as a source file"),
    CATALOG_NAME(1214, "a catalog's name is NAME.cat"),
    VERSION_FORM(1217, "the version has four numbers from 0 to 65535"),
    DATE_FORM(1218, "the date is a day, month first"),
    REGISTRY_ROOT(1224, "the registry root is one that there is"),
    FILE_NAME(1229, "a line of a file list names a file"),
    FILE_UNLISTED(1230, "a file that is copied is listed in [SourceDisksFiles]"),
    CATALOG_MISSING(1233, "a catalog is named, for without one there is no signature"),
    DIRECTIVE_MISSING(1234, "[Version] has Class, ClassGuid, Provider and DriverVer"),
    STRING_UNDEFINED(1235, "every %string% is defined"),
    DIRID_UNKNOWN(1243, "a directory number is one that there is"),
    SERVICE_DISABLED(1251, "a device's function driver is not disabled"),
    INSTALL_UNDEFINED(1261, "the install section of each model exists for each of its systems"),
    CUSTOM_TYPE(1264, "a registry type of one's own has the flag for bytes"),
    BINARY_VALUE(1267, "binary data are bytes"),
    NUMBER_VALUE(1268, "a number is decimal, or hexadecimal behind 0x, and fits its type"),
    INSTALL_UNNAMED(1271, "a model names its install section"),
    DISK_UNLISTED(1273, "a disk number is listed in [SourceDisksNames]"),
    ARCH_TOKEN(1274, "no $ARCH$ is left"),
    DESTINATION_UNLISTED(1275, "a file list has its place in [DestinationDirs]"),
    CLASS_MISMATCH(1280, "Class and ClassGuid belong to each other"),
    CLASS_RESERVED(1284, "the class is not one that Microsoft keeps to itself"),
    CLASS_INSTALL(1285, "no [ClassInstall32] for a class of Microsoft's"),
    CLASS_LENGTH(1286, "the class has at most 31 characters"),
    DECORATION(1287, "the systems of [Manufacturer] read"),
    BUILD_TOO_SMALL(1288, "a system with a build number is 10.0.14310 or later"),
    SERVICE_DIRECTIVE(1289, "a service has ServiceType, StartType, ErrorControl and ServiceBinary"),
    DUPLICATE_VALUE(1294, "no hardware id and no registry value stands twice in a section"),
    SERVICE_NONE(1296, "each model has a service on each of its systems"),
    LEGACY(1300, "no directive of an older Windows"),
    COINSTALLER(1303, "no co-installer and no class installer"),
    APPENDS(1305, "nothing is appended to or taken from a list of strings"),
    DELETES(1308, "nothing is deleted or renamed"),
    REGISTRY_ISOLATED(1321, "the registry is written below HKR only"),
    FILES_ISOLATED(1322, "files stay in the driver store, DIRID 13"),
    SERVICE_KEY(1323, "a service's values are below Parameters"),
    LOCKDOWN(1324, "PnpLockdown is 1"),
    FILTERS(1329, "no filter is added by a registry value"),
    WELL_KNOWN_TYPE(1431, "a value that Windows knows has the type that Windows expects"),
    SERVICE_UNDEFINED(2006, "the section of a service exists"),
    UNDECORATED(2010, "models are for a named processor"),
    UNUSED(2083, "no section is left over"),
    BINARY_NOT_COPIED(2084, "the service's binary is a file that is copied"),
    BINARY_PATH(2085, "the service's binary lies below a directory number"),
    HARDWARE_ID(0, "the hardware id is one that nobody else's driver wants, or the one that the user named"),
    SECURITY(0, "only SYSTEM and Administrators may open the device, and names below it are checked, too"),
    NAMED_NUMBER(0, "each number of a service and of the registry has its name beside it"),
    INTERRUPT_KEYS(0, "interrupt management and Irqscope values are documented ones within their limits"),
    ON_DEMAND(0, "the service is a kernel driver that starts on demand");

    private final int code;
    private final String meaning;

    InfRule(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /** InfVerif's code; 0 for a rule of this project's own. */
    public int code() {
        return code;
    }

    /** What holds where the rule is kept. */
    public String meaning() {
        return meaning;
    }

    /** How a problem names it: InfVerif's code, or the rule's own name. */
    public String label() {
        return code != 0 ? Integer.toString(code) : "irqscope-" + name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
