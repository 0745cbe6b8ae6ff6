/* The questions that only a driver can ask, in one numbering. */
#include "driver.h"

static const QUESTION *QuestionFind(ULONG Index)
{
    const struct {
        const QUESTION *First;
        ULONG Count;
    } Tables[] = {
        { WaitQuestions, WaitQuestionCount },         { TimerQuestions, TimerQuestionCount },
        { RegistryQuestions, RegistryQuestionCount }, { TextQuestions, TextQuestionCount },
        { ObjectQuestions, ObjectQuestionCount },     { CsqQuestions, CsqQuestionCount },
        { PropertyQuestions, PropertyQuestionCount },
    };
    ULONG Table;

    for (Table = 0; Table < RTL_NUMBER_OF(Tables); Table++) {
        if (Index < Tables[Table].Count) {
            return &Tables[Table].First[Index];
        }
        Index -= Tables[Table].Count;
    }
    return NULL;
}

BOOLEAN AskRun(CONFORM_DEVICE *Device, ULONG Index, TEXT *Answer)
{
    const QUESTION *Question = QuestionFind(Index & ~CONFORM_DESCRIBE);

    if (Question == NULL) {
        return FALSE;
    }
    if ((Index & CONFORM_DESCRIBE) != 0) {
        TextAdd(Answer, Question->Id);
        TextAdd(Answer, "\t");
        TextAdd(Answer, Question->Question);
        TextAdd(Answer, "\t");
        TextAdd(Answer, Question->Source);
    } else {
        Question->Ask(Device, Answer);
    }
    return TRUE;
}
