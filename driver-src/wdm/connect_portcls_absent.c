/* A driver without the port class: the ability is missing, so a request for the way is refused before it comes here. */
#include "portclass.h"

const PORTCLASS Portclass = {
    .Ability = 0,
};
