// fixture: results that have to be looked at, thrown away.
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
	regulator_enable(s->supply); // warning: ignored-must-check "whether regulator_enable() fails is not looked at: its result must be checked"
	scale_tare(s); // warning: ignored-must-check "whether scale_tare() fails"
	return 0;
}

long scale_read(struct scale *s, void __user *to)
{
	u32 weight = s->weight;

	copy_to_user(to, &weight, sizeof(weight)); // warning: ignored-must-check "what copy_to_user() could not copy is not looked at"
	return sizeof(weight);
}

int scale_register(struct device *dev, struct scale *s)
{
	s->rtc = devm_rtc_allocate_device(dev);
	if (IS_ERR(s->rtc))
		return PTR_ERR(s->rtc);

	devm_rtc_register_device(s->rtc); // warning: ignored-must-check "whether devm_rtc_register_device() fails is not looked at: the device may not be registered"
	return 0;
}

int scale_settle(struct scale *s)
{
	if (s->weight > 1000)
		return -ERANGE;

	wait_for_completion_timeout(&s->settled, HZ); // warning: ignored-must-check "nothing tells that wait_for_completion_timeout() timed out: scale_settle() returns 0 all the same"
	return 0;
}

/* The weight tells whether it settled. */
int scale_drain(struct scale *s)
{
	wait_for_completion_timeout(&s->settled, HZ); // ok: ignored-must-check
	return s->weight ? -EBUSY : 0;
}

static void scale_stop(struct scale *s)
{
	(void)scale_tare(s); // ok: ignored-must-check
	regulator_disable(s->supply); // ok: ignored-must-check
}

static int scale_restart(struct scale *s)
{
	scale_stop(s);
	return regulator_enable(s->supply) ?: scale_tare(s); // ok: ignored-must-check
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
	scale_zeroed(s); // warning: ignored-must-check "nobody looks whether what scale_zeroed() waits for came before the time was up"
	return 0;
}

void scale_zero_and_stop(struct scale *s)
{
	scale_zeroed(s); // ok: ignored-must-check
	regulator_disable(s->supply);
}

MODULE_LICENSE("GPL");
