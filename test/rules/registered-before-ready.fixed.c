// fixture: the same devices, registered as the last step.
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/workqueue.h>

struct meter {
	struct miscdevice misc;
	struct net_device *ndev;
	struct mutex lock;
	struct mutex mode_lock;
	spinlock_t tx_lock;
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

static netdev_tx_t meter_xmit(struct sk_buff *skb, struct net_device *ndev)
{
	struct meter *m = netdev_priv(ndev);

	spin_lock(&m->tx_lock);
	spin_unlock(&m->tx_lock);
	return NETDEV_TX_BUSY;
}

static const struct net_device_ops meter_netdev_ops = {
	.ndo_start_xmit = meter_xmit,
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
	spin_lock_init(&m->tx_lock);
	INIT_WORK(&m->reset, meter_reset);
	return register_netdev(ndev);
}

int meter_start(struct meter *m, struct net_device *ndev)
{
	int ret = meter_add(m);

	return ret ? ret : meter_add_net(ndev);
}

struct sensor {
	int range;
};

static ssize_t range_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct sensor *s = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%d\n", s->range);
}
static DEVICE_ATTR_RO(range);

static struct attribute *sensor_attrs[] = {
	&dev_attr_range.attr,
	NULL
};

static const struct attribute_group sensor_group = {
	.attrs = sensor_attrs,
};

static int sensor_probe(struct platform_device *pdev)
{
	struct sensor *s;

	s = devm_kzalloc(&pdev->dev, sizeof(*s), GFP_KERNEL);
	if (!s)
		return -ENOMEM;
	platform_set_drvdata(pdev, s);
	return sysfs_create_group(&pdev->dev.kobj, &sensor_group);
}

static struct platform_driver sensor_driver = {
	.probe = sensor_probe,
};

struct radio {
	struct cdev cdev;
	struct mutex lock;
};

static int radio_open(struct inode *inode, struct file *file)
{
	struct radio *r = container_of(inode->i_cdev, struct radio, cdev);

	mutex_lock(&r->lock);
	mutex_unlock(&r->lock);
	return 0;
}

static const struct file_operations radio_fops = {
	.owner = THIS_MODULE,
	.open = radio_open,
};

int radio_add(struct radio *r, dev_t devt)
{
	mutex_init(&r->lock);
	cdev_init(&r->cdev, &radio_fops);
	return cdev_add(&r->cdev, devt, 1);
}

struct dial {
	struct miscdevice misc;
	struct mutex lock;
};

struct dial *dial_get_first(void);

static int dial_open(struct inode *inode, struct file *file)
{
	struct dial *d = dial_get_first();

	mutex_lock(&d->lock);
	mutex_unlock(&d->lock);
	return 0;
}

static const struct file_operations dial_fops = {
	.owner = THIS_MODULE,
	.open = dial_open,
};

int dial_add(struct dial *d)
{
	mutex_init(&d->lock);
	d->misc.fops = &dial_fops;
	return misc_register(&d->misc);
}

MODULE_LICENSE("GPL");
