// fixture: structures that go to user space with members or padding that were never written.
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/uaccess.h>

struct meter_info {
	__u32 version;
	__u32 flags;
	char name[16];
};

struct meter_sample {
	__u8 channel;
	__u32 value;
};

struct meter_tail {
	__u64 when;
	__u32 value;
};

struct meter_packed {
	__u8 channel;
	__u32 value;
} __packed;

union meter_any {
	__u32 word;
	__u8 bytes[64];
};

struct meter {
	u32 version;
	u32 value;
	const char *name;
};

long meter_exercise(const struct meter *meter, void __user *arg);

static long meter_get_info(const struct meter *meter, void __user *arg)
{
	struct meter_info info; // related: info-leak-to-user "`info` is declared here without a value"

	info.version = meter->version;
	strscpy(info.name, meter->name, sizeof(info.name));
	if (copy_to_user(arg, &info, sizeof(info))) // error: info-leak-to-user "copy_to_user() gives user space what was on the kernel's stack: `flags` of `info` is never written"
		return -EFAULT;
	return 0;
}

static long meter_get_heap(const struct meter *meter, void __user *arg)
{
	struct meter_info *info = kmalloc(sizeof(*info), GFP_KERNEL); // related: info-leak-to-user "allocated here without being cleared"
	long ret = 0;

	if (!info)
		return -ENOMEM;

	info->version = meter->version;
	if (copy_to_user(arg, info, sizeof(*info))) // error: info-leak-to-user "kernel's heap: `flags` and one other member of `info` are never written"
		ret = -EFAULT;
	kfree(info);
	return ret;
}

static long meter_get_sample(const struct meter *meter, void __user *arg)
{
	struct meter_sample sample;

	sample.channel = 1;
	sample.value = meter->value;
	return copy_to_user(arg, &sample, sizeof(sample)) ? -EFAULT : 0; // warning: info-leak-to-user "3 bytes of the kernel's stack: the padding after `channel` is not written; clear `sample` with memset() first"
}

static long meter_get_tail(const struct meter *meter, void __user *arg)
{
	struct meter_tail tail;

	tail.when = 0;
	tail.value = meter->value;
	return copy_to_user(arg, &tail, sizeof(struct meter_tail)) ? -EFAULT : 0; // warning: info-leak-to-user "the padding after `value` is not written"
}

static long meter_get_packed(const struct meter *meter, void __user *arg)
{
	struct meter_packed packed;

	packed.channel = 1;
	packed.value = meter->value;
	return copy_to_user(arg, &packed, sizeof(packed)) ? -EFAULT : 0; // ok: info-leak-to-user
}

static long meter_get_cleared(const struct meter *meter, void __user *arg)
{
	struct meter_info info;

	memset(&info, 0, sizeof(info));
	info.version = meter->version;
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0; // ok: info-leak-to-user
}

static long meter_get_initialised(const struct meter *meter, void __user *arg)
{
	struct meter_info info = { .version = meter->version };

	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0; // ok: info-leak-to-user
}

static void meter_fill(const struct meter *meter, struct meter_info *info)
{
	info->version = meter->version;
	info->flags = 0;
	strscpy_pad(info->name, meter->name, sizeof(info->name));
}

static long meter_get_filled(const struct meter *meter, void __user *arg)
{
	struct meter_info info;

	meter_fill(meter, &info);
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0; // ok: info-leak-to-user
}

static long meter_get_zeroed(const struct meter *meter, void __user *arg)
{
	struct meter_info *info = kzalloc(sizeof(*info), GFP_KERNEL);
	long ret;

	if (!info)
		return -ENOMEM;

	info->version = meter->version;
	ret = copy_to_user(arg, info, sizeof(*info)) ? -EFAULT : 0; // ok: info-leak-to-user
	kfree(info);
	return ret;
}

/* The first member only. */
static long meter_get_version(const struct meter *meter, void __user *arg)
{
	struct meter_info info;

	info.version = meter->version;
	return copy_to_user(arg, &info, sizeof(info.version)) ? -EFAULT : 0; // ok: info-leak-to-user
}

static long meter_get_any(const struct meter *meter, void __user *arg)
{
	union meter_any any;

	any.word = meter->value;
	return copy_to_user(arg, &any, sizeof(any.word)) ? -EFAULT : 0; // ok: info-leak-to-user
}

static long meter_get_asked(void __user *arg)
{
	struct meter_info info;

	strscpy_pad(info.name, "meter", sizeof(info.name));
	if (get_user(info.version, (u32 __user *)arg) || get_user(info.flags, (u32 __user *)arg))
		return -EFAULT;
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0; // ok: info-leak-to-user
}

long meter_exercise(const struct meter *meter, void __user *arg)
{
	return meter_get_info(meter, arg) + meter_get_heap(meter, arg) + meter_get_sample(meter, arg) +
	       meter_get_tail(meter, arg) + meter_get_packed(meter, arg) + meter_get_cleared(meter, arg) +
	       meter_get_initialised(meter, arg) + meter_get_filled(meter, arg) + meter_get_zeroed(meter, arg) +
	       meter_get_version(meter, arg) + meter_get_any(meter, arg) + meter_get_asked(arg);
}

MODULE_DESCRIPTION("Meter");
MODULE_LICENSE("GPL");
