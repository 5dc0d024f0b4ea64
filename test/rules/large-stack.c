// fixture: functions whose local variables take more of the small kernel stack than a function should.
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>

#define PAGE_WORDS 512

struct record {
	u32 id;
	char name[60];
	u8 payload[192];
};

int log_exercise(const void *data, size_t len);

static int log_format(const void *data, size_t len)
{
	char line[4096]; // warning: large-stack "stack frame of log_format() is at least 4096 bytes"

	memcpy(line, data, min(len, sizeof(line)));
	return line[0];
}

static int log_sort(const struct record *from)
{
	struct record records[16]; // warning: large-stack "stack frame of log_sort() is at least 4096 bytes"

	memcpy(records, from, sizeof(records));
	return records[0].id;
}

static u64 log_sum(const u64 *from)
{
	u64 words[PAGE_WORDS]; // warning: large-stack "stack frame of log_sum() is at least"
	u64 sum = 0;
	int i;

	memcpy(words, from, sizeof(words));
	for (i = 0; i < PAGE_WORDS; i++)
		sum += words[i];
	return sum;
}

static int log_two(const void *data)
{
	char first[1500]; // warning: large-stack "stack frame of log_two() is at least 3000 bytes"
	char second[1500];

	memcpy(first, data, sizeof(first));
	memcpy(second, data, sizeof(second));
	return memcmp(first, second, sizeof(first));
}

/* The compiler may lay the two over one another. */
static int log_either(const void *data, bool first) // ok: large-stack
{
	if (first) {
		char a[1500];

		memcpy(a, data, sizeof(a));
		return a[0];
	} else {
		char b[1500];

		memcpy(b, data, sizeof(b));
		return b[1];
	}
}

static int log_static(const void *data) // ok: large-stack
{
	static char line[4096];

	memcpy(line, data, sizeof(line));
	return line[0];
}

static int log_allocated(const void *data) // ok: large-stack
{
	struct record *records;
	int id;

	records = kmalloc_array(16, sizeof(*records), GFP_KERNEL);
	if (!records)
		return -ENOMEM;

	memcpy(records, data, 16 * sizeof(*records));
	id = records[0].id;
	kfree(records);
	return id;
}

static int log_pointers(struct record (*records)[16]) // ok: large-stack
{
	struct record *table[64];
	char name[sizeof((*records)[0].name)];

	table[0] = &(*records)[0];
	strscpy(name, table[0]->name, sizeof(name));
	return name[0];
}

static int log_some(const void *data) // ok: large-stack
{
	char line[1024];

	memcpy(line, data, sizeof(line));
	return line[0];
}

static int log_third(const void *data)
{
	char name[1800];

	memcpy(name, data, sizeof(name));
	return name[0];
}

static int log_second(const void *data)
{
	char line[2000];
	char name[40];

	memcpy(line, data, sizeof(line));
	memcpy(name, data, sizeof(name));
	return line[0] + name[0] + log_third(line); // related: large-stack "called here: log_third() takes at least 1800 bytes"
}

static int log_first(const void *data)
{
	char text[2048]; // warning: large-stack "the calls from log_outer() down to log_third() take at least 9224 bytes of stack together, the limit for a chain is 8192: allocate `text`"

	memcpy(text, data, sizeof(text));
	return log_second(text) + log_some(text); // related: large-stack "called here: log_second() takes at least 2040 bytes"
}

static int log_middle(const void *data)
{
	char page[1668];

	memcpy(page, data, sizeof(page));
	return log_first(page); // related: large-stack "called here: log_first() takes at least 2048 bytes"
}

static int log_outer(const void *data) // related: large-stack "log_outer() takes at least 1668 bytes"
{
	char head[1668];

	memcpy(head, data, sizeof(head));
	return log_middle(head); // related: large-stack "called here: log_middle() takes at least 1668 bytes"
}

/* One after the other: they are never on the stack together. */
static int log_in_turn(const void *data)
{
	char own[1024]; // ok: large-stack

	memcpy(own, data, sizeof(own));
	return log_some(own) + log_third(own) + log_either(own, true) + log_pointers((void *)own) + log_some(own);
}

/* How often it calls itself is not known. */
static int log_again(const void *data, int depth)
{
	char own[2000]; // ok: large-stack

	memcpy(own, data, sizeof(own));
	return depth == 0 ? own[0] : log_again(own, depth - 1); // driverlab: allow recursive-call -- depth is bounded
}

int log_exercise(const void *data, size_t len)
{
	return log_format(data, len) + log_sort(data) + log_sum(data) + log_two(data) + log_either(data, true) +
	       log_static(data) + log_allocated(data) + log_pointers((void *)data) + log_some(data) +
	       log_outer(data) + log_in_turn(data) + log_again(data, 2);
}

/* A pointer to an array takes the place of a pointer. */
int log_grid(void)
{
	unsigned int (*grid)[16][64] = kmalloc(sizeof(*grid), GFP_KERNEL); // ok: large-stack

	kfree(grid);
	return grid ? 0 : -ENOMEM;
}

MODULE_DESCRIPTION("Log");
MODULE_LICENSE("GPL");
