/* The rest state of the interrupt machine: what a test asks after everything was closed and stopped. */
#include "interior.h"
#include "text.h"

static void TellConnections(const MACHINE *Machine, TEXT *Text)
{
    const CONNECTION *Connection;

    for (Connection = Machine->Connections; Connection != NULL; Connection = Connection->Next) {
        TextAdd(Text, "connection of vector 0x%x is open (%s, version %u)\n", Connection->Links->Vector->Number,
                Connection->Version == 0 ? "IoConnectInterrupt" : "IoConnectInterruptEx", Connection->Version);
    }
}

static void TellVectors(const MACHINE *Machine, TEXT *Text)
{
    const VECTOR *Vector;

    for (Vector = Machine->Vectors; Vector != NULL; Vector = Vector->Next) {
        if (Vector->Asserted != 0) {
            TextAdd(Text, "the line of vector 0x%x, group %u, is asserted by %u\n", Vector->Number,
                    (ULONG)Vector->Group, Vector->Asserted);
        }
        if (Vector->Pulse || Vector->Foreign) {
            TextAdd(Text, "an interrupt of vector 0x%x, group %u, is pending\n", Vector->Number, (ULONG)Vector->Group);
        }
    }
}

static void TellProcessors(const MACHINE *Machine, TEXT *Text)
{
    const PROCESSOR *Processor;
    ULONG Index;

    for (Index = 0; Index < Machine->ProcessorCount; Index++) {
        Processor = &Machine->Processors[Index];
        if (Processor->Irql != PASSIVE_LEVEL) {
            TextAdd(Text, "processor g%u:%u is at IRQL %s\n", (ULONG)Processor->Group, (ULONG)Processor->Number,
                    IrqlName(Processor->Irql));
        }
    }
    if (DpcsQueued(Machine) != 0) {
        TextAdd(Text, "%u DPCs are queued\n", DpcsQueued(Machine));
    }
    if (Machine->HeldCount != 0) {
        TextAdd(Text, "%u spin locks are held\n", Machine->HeldCount);
    }
    if (Machine->Top != NULL && (Machine->Top->Kind != FRAME_THREAD || Machine->Top->Below != NULL)) {
        TextAdd(Text, "the code that asks is nested in other code\n");
    }
}

BOOLEAN InterruptsAtRest(MACHINE *Machine, char *Answer, size_t AnswerSize)
{
    TEXT Text;

    TextStart(&Text, Answer, AnswerSize);
    TellConnections(Machine, &Text);
    TellVectors(Machine, &Text);
    TellProcessors(Machine, &Text);
    if (PortclassSyncs(Machine) != 0) {
        TextAdd(&Text, "%u synchronisation objects of the port class were not released\n", PortclassSyncs(Machine));
    }
    return Text.Used == 0;
}
