/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/kept.h"

static json_t *
kept_value(json_t *value, const struct shape_member *member)
{
	json_t *to;

	if (member->kind == SHAPE_OBJECT)
		return kept_members(value, member->of);
	if (member->kind != SHAPE_LIST)
		return json_incref(value);
	to = json_array_new();
	for (size_t i = 0; i < json_array_size(value); i++)
		json_add(to, kept_value(json_array_get(value, i),
					&member->of->member[0]));
	return to;
}

json_t *
kept_members(const json_t *from, const struct shape *shape)
{
	json_t *to = json_object_new();

	for (size_t i = 0; i < shape->len; i++) {
		const struct shape_member *member = &shape->member[i];
		json_t *value = json_get(from, member->name);

		if (value == NULL)
			continue;
		if (member->kind == SHAPE_TRUTH)
			json_put_bool(to, member->name,
				      shape_truth(from, member->name));
		else
			json_put(to, member->name, kept_value(value, member));
	}
	return to;
}
