// fixture: allocations whose size is multiplied in place, some of them by what user space chose.
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#define TABLE_ROWS 16
#define TABLE_MAX 4096

struct row {
	u32 id;
	u32 value;
};

struct table_request {
	u32 count;
	u32 width;
	u64 bytes;
	u8 shift;
};

struct table {
	struct row *rows;
	u32 count;
};

struct names {
	u32 count;
	u32 offsets[];
};

static long table_set(struct table *table, void __user *arg)
{
	struct table_request req;

	if (copy_from_user(&req, arg, sizeof(req))) // related: int-overflow-in-alloc-size "`req.count` comes from user space through copy_from_user()"
		return -EFAULT;

	table->rows = kmalloc(req.count * sizeof(*table->rows), GFP_KERNEL); // warning: int-overflow-in-alloc-size "where size_t has 32 bits, and too little is allocated: `req.count` is not bounded; use kmalloc_array()"
	return table->rows ? 0 : -ENOMEM;
}

static long table_blob(struct table *table, void __user *arg)
{
	struct table_request req;

	if (copy_from_user(&req, arg, sizeof(req)))
		return -EFAULT;

	table->rows = vmalloc(req.count * req.width); // warning: int-overflow-in-alloc-size "may wrap, and too little is allocated: `req.count` is not bounded"
	return table->rows ? 0 : -ENOMEM;
}

static long table_header(struct table *table, void __user *arg)
{
	struct table_request *req = memdup_user(arg, sizeof(*req));

	if (IS_ERR(req))
		return PTR_ERR(req);

	table->rows = kzalloc(req->bytes + sizeof(struct row), GFP_KERNEL); // warning: int-overflow-in-alloc-size "`req->bytes` is not bounded; bound it, or use array_size() and size_add()"
	kfree(req);
	return table->rows ? 0 : -ENOMEM;
}

static long table_bounded(struct table *table, void __user *arg)
{
	struct table_request req;

	if (copy_from_user(&req, arg, sizeof(req)))
		return -EFAULT;
	if (req.count > TABLE_MAX || req.width > TABLE_MAX)
		return -EINVAL;

	table->rows = vmalloc(req.count * req.width); // ok: int-overflow-in-alloc-size
	return table->rows ? 0 : -ENOMEM;
}

static long table_array(struct table *table, void __user *arg)
{
	u32 count;

	if (get_user(count, (u32 __user *)arg))
		return -EFAULT;

	table->rows = kvcalloc(count, sizeof(*table->rows), GFP_KERNEL); // ok: int-overflow-in-alloc-size
	return table->rows ? 0 : -ENOMEM;
}

static int table_copy(struct table *table, u32 count)
{
	table->rows = kzalloc(sizeof(*table->rows) * (count + 1), GFP_KERNEL); // hint: int-overflow-in-alloc-size "use kcalloc()"
	return table->rows ? 0 : -ENOMEM;
}

static int table_managed(struct device *dev, struct table *table)
{
	table->rows = devm_kzalloc(dev, table->count * sizeof(struct row), GFP_KERNEL); // hint: int-overflow-in-alloc-size "use devm_kcalloc()"
	return table->rows ? 0 : -ENOMEM;
}

static int table_large(struct table *table)
{
	table->rows = vmalloc(table->count * sizeof(*table->rows)); // hint: int-overflow-in-alloc-size "use array_size()"
	return table->rows ? 0 : -ENOMEM;
}

static struct names *table_names(u32 count)
{
	struct names *names;

	names = kzalloc(sizeof(*names) + count * sizeof(names->offsets[0]), GFP_KERNEL); // hint: int-overflow-in-alloc-size "use struct_size()"
	return names;
}

static int table_fixed(struct table *table)
{
	table->rows = kzalloc(TABLE_ROWS * sizeof(*table->rows), GFP_KERNEL); // ok: int-overflow-in-alloc-size
	return table->rows ? 0 : -ENOMEM;
}

/* At most 255 rows do not wrap. */
static int table_short(struct table *table, u8 count)
{
	table->rows = kzalloc(count * sizeof(*table->rows), GFP_KERNEL); // ok: int-overflow-in-alloc-size
	return table->rows ? 0 : -ENOMEM;
}

struct names *table_exercise(struct device *dev, struct table *table, void __user *arg);

struct names *table_exercise(struct device *dev, struct table *table, void __user *arg)
{
	if (table_set(table, arg) || table_blob(table, arg) || table_header(table, arg) || table_bounded(table, arg) ||
	    table_array(table, arg) || table_copy(table, 3) || table_managed(dev, table) || table_large(table) ||
	    table_fixed(table) || table_short(table, 4))
		return NULL;
	return table_names(table->count);
}

MODULE_DESCRIPTION("Table");
MODULE_LICENSE("GPL");
