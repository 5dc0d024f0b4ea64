// fixture: the scale, which looks at every result.
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/regulator/consumer.h>
#include <linux/rtc.h>
#include <linux/uaccess.h>

struct scale {
	struct regulator *supply;
	struct rtc_device *rtc;
	struct completion settled;
	void __iomem *regs;
	u32 weight;
};

int scale_wake(struct scale *s);
int scale_settle(struct scale *s);
int scale_drain(struct scale *s);
long scale_read(struct scale *s, void __user *to);
int scale_register(struct device *dev, struct scale *s);

static int __must_check scale_tare(struct scale *s)
{
	if (s->weight > 1000)
		return -ERANGE;
	s->weight = 0;
	return 0;
}

int scale_wake(struct scale *s)
{
	int ret;

	ret = scale_tare(s);
	if (ret)
		return ret;
	return regulator_enable(s->supply);
}

long scale_read(struct scale *s, void __user *to)
{
	u32 weight = s->weight;

	if (copy_to_user(to, &weight, sizeof(weight)))
		return -EFAULT;
	return sizeof(weight);
}

int scale_register(struct device *dev, struct scale *s)
{
	s->rtc = devm_rtc_allocate_device(dev);
	if (IS_ERR(s->rtc))
		return PTR_ERR(s->rtc);

	return devm_rtc_register_device(s->rtc);
}

int scale_settle(struct scale *s)
{
	if (s->weight > 1000)
		return -ERANGE;

	if (!wait_for_completion_timeout(&s->settled, HZ))
		return -ETIMEDOUT;
	return 0;
}

/* The weight tells whether it settled. */
int scale_drain(struct scale *s)
{
	wait_for_completion_timeout(&s->settled, HZ);
	return s->weight ? -EBUSY : 0;
}

static void scale_stop(struct scale *s)
{
	(void)scale_tare(s);
	regulator_disable(s->supply);
}

static int scale_restart(struct scale *s)
{
	scale_stop(s);
	return regulator_enable(s->supply) ?: scale_tare(s);
}

static int scale_resume(struct device *dev)
{
	return scale_restart(dev_get_drvdata(dev));
}

const struct dev_pm_ops scale_pm = {
	.resume = scale_resume,
};

static bool scale_zeroed(struct scale *s)
{
	u32 status;

	return !readl_poll_timeout(s->regs, status, !(status & 1), 10, 1000);
}

int scale_zero(struct scale *s)
{
	if (!scale_zeroed(s))
		return -EBUSY;
	writel(1, s->regs);
	return scale_zeroed(s) ? 0 : -ETIMEDOUT;
}

void scale_zero_and_stop(struct scale *s)
{
	scale_zeroed(s);
	regulator_disable(s->supply);
}

MODULE_LICENSE("GPL");
