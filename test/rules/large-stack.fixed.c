// fixture: the log, with the large buffers off the stack.
#include <linux/cleanup.h>
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
	char *line __free(kfree) = kmalloc(4096, GFP_KERNEL);

	if (!line)
		return -ENOMEM;
	memcpy(line, data, min_t(size_t, len, 4096));
	return line[0];
}

static int log_sort(const struct record *from)
{
	struct record *records;
	int id;

	records = kmemdup_array(from, 16, sizeof(*from), GFP_KERNEL);
	if (!records)
		return -ENOMEM;

	id = records[0].id;
	kfree(records);
	return id;
}

static u64 log_sum(const u64 *from)
{
	u64 sum = 0;
	int i;

	for (i = 0; i < PAGE_WORDS; i++)
		sum += from[i];
	return sum;
}

static int log_two(const void *data)
{
	char second[1500];

	memcpy(second, data, sizeof(second));
	return memcmp(data, second, sizeof(second));
}

/* The compiler may lay the two over one another. */
static int log_either(const void *data, bool first)
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

static int log_static(const void *data)
{
	static char line[4096];

	memcpy(line, data, sizeof(line));
	return line[0];
}

static int log_allocated(const void *data)
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

static int log_pointers(struct record (*records)[16])
{
	struct record *table[64];
	char name[sizeof((*records)[0].name)];

	table[0] = &(*records)[0];
	strscpy(name, table[0]->name, sizeof(name));
	return name[0];
}

static int log_some(const void *data)
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

	memcpy(line, data, sizeof(line));
	return line[0] + log_third(line);
}

static int log_first(const void *data)
{
	char *text __free(kfree) = kmemdup(data, 2048, GFP_KERNEL);

	if (!text)
		return -ENOMEM;
	return log_second(text);
}

static int log_outer(const void *data)
{
	char head[2000];

	memcpy(head, data, sizeof(head));
	return log_first(head);
}

int log_exercise(const void *data, size_t len)
{
	return log_format(data, len) + log_sort(data) + log_sum(data) + log_two(data) + log_either(data, true) +
	       log_static(data) + log_allocated(data) + log_pointers((void *)data) + log_some(data) +
	       log_outer(data);
}

MODULE_DESCRIPTION("Log");
MODULE_LICENSE("GPL");
