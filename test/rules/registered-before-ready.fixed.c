// fixture: the same devices, registered as the last step.
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/workqueue.h>

struct meter {
	struct miscdevice misc;
	struct net_device *ndev;
	struct mutex lock;
	struct mutex mode_lock;
	struct work_struct reset;
	u32 mode;
};

static void meter_reset(struct work_struct *work)
{
	struct meter *m = container_of(work, struct meter, reset);

	m->mode = 0;
}

static long meter_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct meter *m = container_of(file->private_data, struct meter, misc);

	mutex_lock(&m->lock);
	m->mode = cmd;
	mutex_unlock(&m->lock);
	return 0;
}

static int meter_release(struct inode *inode, struct file *file)
{
	struct meter *m = container_of(file->private_data, struct meter, misc);

	mutex_lock(&m->mode_lock);
	m->mode = 0;
	mutex_unlock(&m->mode_lock);
	return 0;
}

static const struct file_operations meter_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = meter_ioctl,
	.release = meter_release,
};

static void meter_tx_timeout(struct net_device *ndev, unsigned int queue)
{
	struct meter *m = netdev_priv(ndev);

	schedule_work(&m->reset);
}

static const struct net_device_ops meter_netdev_ops = {
	.ndo_tx_timeout = meter_tx_timeout,
};

static int meter_add(struct meter *m)
{
	mutex_init(&m->lock);
	mutex_init(&m->mode_lock);
	m->misc.name = "meter";
	m->misc.minor = MISC_DYNAMIC_MINOR;
	m->misc.fops = &meter_fops;
	return misc_register(&m->misc);
}

static int meter_add_net(struct net_device *ndev)
{
	struct meter *m = netdev_priv(ndev);

	m->ndev = ndev;
	ndev->netdev_ops = &meter_netdev_ops;
	INIT_WORK(&m->reset, meter_reset);
	return register_netdev(ndev);
}

int meter_start(struct meter *m, struct net_device *ndev)
{
	int ret = meter_add(m);

	return ret ? ret : meter_add_net(ndev);
}

MODULE_LICENSE("GPL");
