/* The main of a test program: see check.h. */
#include "check.h"

#include <string.h>

static TEST_ENTRY *First;
static TEST_ENTRY **Last = &First;

void TestRegister(TEST_ENTRY *Entry)
{
    *Last = Entry;
    Last = &Entry->Next;
}

int main(int ArgumentCount, char **Arguments)
{
    const TEST_ENTRY *Entry;

    for (Entry = First; Entry != NULL; Entry = Entry->Next) {
        if (ArgumentCount > 1 && strcmp(Arguments[1], "--list") == 0) {
            printf("%s\n", Entry->Name);
        } else if (ArgumentCount < 2 || strcmp(Arguments[1], Entry->Name) == 0) {
            Entry->Run();
            printf("ok %s\n", Entry->Name);
            fflush(stdout);
            if (ArgumentCount > 1) {
                return 0;
            }
        }
    }
    if (ArgumentCount > 1 && strcmp(Arguments[1], "--list") != 0) {
        fprintf(stderr, "there is no test %s\n", Arguments[1]);
        return 2;
    }
    return 0;
}
