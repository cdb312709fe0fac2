/* SPDX-License-Identifier: MPL-2.0 */
/*
 * No field for ethnicity, race, religion or tribe: the product's promise, not a
 * country's choice, so the words stand in the program and a pack cannot lift
 * them. Registers that held these were used to find people and to harm them.
 */
#ifndef CIVIS_COUNTRY_DENIED_H
#define CIVIS_COUNTRY_DENIED_H

#include <stdbool.h>

/* Whether the name of a field asks for one of these, in English, Khmer or Burmese: any part of "mother_religion",
   "motherReligion", "ETHNIC-GROUP". A nationality is not one. True also when memory runs out. */
bool denied_field_name(const char *name);

#endif
