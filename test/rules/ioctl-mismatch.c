// fixture: the ioctls of a lamp, some of which copy something else than their numbers say.
#include <linux/fs.h>
#include <linux/ioctl.h>
#include <linux/module.h>
#include <linux/uaccess.h>

struct lamp_head {
	__u32 size;
};

struct lamp_state {
	struct lamp_head head;
	__u32 level;
};

#define LAMP_SET	_IOW('l', 1, struct lamp_state)
#define LAMP_GET	_IOR('l', 2, __u32)
#define LAMP_SWAPPED	_IOR('l', 3, struct lamp_state)
#define LAMP_BACK	_IOW('l', 4, __u32)
#define LAMP_BOTH	_IOWR('l', 5, struct lamp_state)
#define LAMP_HALF	_IOW('l', 6, struct lamp_state)
#define LAMP_PARTS	_IOW('l', 7, struct lamp_state)
#define LAMP_OLD	_IO('l', 8)
#define LAMP_LONG	_IOW('l', 9, unsigned long)
#define LAMP_ONE	_IOW('l', 10, __u32)
#define LAMP_TWO	_IOW('l', 11, struct lamp_state)

static long lamp_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	void __user *argp = (void __user *)arg;
	struct lamp_state state = {};
	struct lamp_head head;
	unsigned long mask;

	switch (cmd) {
	case LAMP_SET:
		if (copy_from_user(&state, argp, sizeof(state))) // ok: ioctl-mismatch
			return -EFAULT;
		return state.level;
	case LAMP_GET: // related: ioctl-mismatch "`LAMP_GET` is _IOR('l', 2, __u32)"
		if (copy_to_user(argp, &state, sizeof(state))) // hint: ioctl-mismatch "`LAMP_GET` tells user space of 4 bytes (`__u32`), and copy_to_user() copies 8"
			return -EFAULT;
		return 0;
	case LAMP_SWAPPED:
		if (copy_from_user(&state, (void __user *)arg, sizeof(state))) // hint: ioctl-mismatch "`LAMP_SWAPPED` is _IOR(): it says that user space gets its argument and hands over none, and copy_from_user() is called here; _IOW or _IOWR says so"
			return -EFAULT;
		return state.level;
	case LAMP_BACK:
		return put_user(state.level, (__u32 __user *)arg); // hint: ioctl-mismatch "gets nothing back, and put_user() is called here; _IOR or _IOWR says so"
	case LAMP_BOTH:
		if (copy_from_user(&state, argp, sizeof(state)) || copy_to_user(argp, &state, sizeof(state))) // ok: ioctl-mismatch
			return -EFAULT;
		return 0;
	case LAMP_HALF:
		if (copy_from_user(&head, argp, sizeof(head))) // hint: ioctl-mismatch "tells user space of 8 bytes (`struct lamp_state`), and copy_from_user() copies 4"
			return -EFAULT;
		return head.size;
	case LAMP_PARTS:
		if (copy_from_user(&head, argp, sizeof(head))) // ok: ioctl-mismatch
			return -EFAULT;
		if (head.size != sizeof(state) || copy_from_user(&state, argp, sizeof(state)))
			return -EFAULT;
		return state.level;
	case LAMP_OLD:
		if (copy_from_user(&state, argp, sizeof(state))) // ok: ioctl-mismatch
			return -EFAULT;
		return state.level;
	case LAMP_LONG:
		if (copy_from_user(&mask, argp, sizeof(mask))) // ok: ioctl-mismatch
			return -EFAULT;
		return mask & 1;
	case LAMP_ONE:
	case LAMP_TWO:
		if (cmd == LAMP_ONE)
			return copy_from_user(&head, argp, sizeof(head)) ? -EFAULT : 0; // ok: ioctl-mismatch
		return copy_from_user(&state, argp, sizeof(state)) ? -EFAULT : 0;
	default:
		return -ENOTTY;
	}
}

static const struct file_operations lamp_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = lamp_ioctl,
};

int lamp_register(unsigned int major);
int lamp_register(unsigned int major)
{
	return register_chrdev(major, "lamp", &lamp_fops);
}

MODULE_DESCRIPTION("Lamp");
MODULE_LICENSE("GPL");
