// fixture: errors on their way to the caller, and where they get lost.
#include <linux/clk.h>
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/phy/phy.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

struct loom {
	struct device *dev;
	struct clk *clk;
	struct phy *phy;
	struct phy *backup;
	struct completion woven;
	void *warp;
	int irq;
	u32 mode;
};

int loom_init(struct loom *l);
int loom_load(struct loom *l, size_t len);
int loom_rate(struct loom *l);
int loom_find_phy(struct loom *l);
int loom_choose(struct loom *l);
int loom_set_mode(struct loom *l, u32 mode);
bool loom_is_ready(struct loom *l);
int loom_irq(struct platform_device *pdev, struct loom *l);
int loom_tighten(struct loom *l);
int loom_weave(struct loom *l, int rows);
int loom_clean(struct loom *l);
int loom_clock(struct loom *l);
int loom_spare(struct loom *l);
int loom_beam(struct loom *l);

static int loom_power(struct loom *l)
{
	if (l->mode > 3)
		return -EINVAL;
	return 0;
}

static int loom_thread(struct loom *l)
{
	return l->mode == 2 ? -EIO : 0;
}

static void loom_power_off(struct loom *l)
{
	l->mode = 0;
}

/* The common exit undoes what was done, and says that all is well. */
int loom_init(struct loom *l)
{
	int ret;

	ret = loom_power(l);
	if (ret)
		return ret;
	ret = loom_thread(l); // related: wrong-errno "loom_thread() called here"
	if (ret)
		goto err_power;
	ret = loom_thread(l);
	if (ret)
		goto err_power;
	return 0;

err_power:
	loom_power_off(l);
	return 0; // warning: wrong-errno "loom_thread() failed, and loom_init() returns 0 as if it had not"
}

/* The variable still holds the success of what came before. */
int loom_load(struct loom *l, size_t len)
{
	int ret;

	ret = loom_power(l);
	if (ret)
		goto err;

	l->warp = kzalloc(len, GFP_KERNEL);
	if (!l->warp) // warning: wrong-errno "kzalloc() failed, and loom_load() returns 0 as if it had not"
		goto err;

	ret = loom_thread(l);
	if (ret)
		goto err;
	return 0;

err:
	dev_err(l->dev, "not loaded\n");
	return ret;
}

int loom_rate(struct loom *l)
{
	int ret;

	ret = clk_enable(l->clk);
	if (ret)
		return 0; // warning: wrong-errno "clk_enable() failed, and loom_rate() returns 0"

	l->mode = clk_get_rate(l->clk) > 1000;
	clk_disable(l->clk);
	return 0;
}

int loom_find_phy(struct loom *l)
{
	l->phy = devm_phy_get(l->dev, "warp");
	if (IS_ERR(l->phy))
		return -PTR_ERR(l->phy); // warning: wrong-errno "`-PTR_ERR(l->phy)` is positive here, and loom_find_phy() returns negative errnos"

	l->warp = kzalloc(16, GFP_KERNEL);
	if (!l->warp)
		return PTR_ERR(l->warp); // warning: wrong-errno "`l->warp` is no error pointer here"
	if (l->mode > 7)
		return -EINVAL;
	return 0;
}

/* The second one failed, and the error of the first is returned. */
int loom_choose(struct loom *l)
{
	struct phy *warp, *weft;

	warp = devm_phy_get(l->dev, "warp");
	if (IS_ERR(warp))
		return PTR_ERR(warp); // ok: wrong-errno
	weft = devm_phy_get(l->dev, "weft");
	if (IS_ERR(weft))
		return PTR_ERR(warp); // warning: wrong-errno "`warp` is no error pointer here: PTR_ERR() of it is no errno"
	l->phy = warp;
	l->backup = weft;
	return 0;
}

int loom_set_mode(struct loom *l, u32 mode)
{
	if (mode > 9)
		return EINVAL; // warning: wrong-errno "`EINVAL` is positive here"
	if (!l->warp)
		return -ENODEV;
	l->mode = mode;
	return 0;
}

bool loom_is_ready(struct loom *l)
{
	if (!l->warp)
		return -ENODEV; // warning: wrong-errno "loom_is_ready() returns bool, of which a negative errno is no value"
	return l->mode != 0;
}

int loom_irq(struct platform_device *pdev, struct loom *l)
{
	unsigned int ret;

	l->irq = platform_get_irq(pdev, 0);
	if (l->irq < 0) // ok: wrong-errno
		return l->irq;

	ret = loom_power(l);
	if (ret < 0) // warning: wrong-errno "`ret` is unsigned and never below 0: the error of loom_power() is not seen"
		return ret;
	return 0;
}

int loom_tighten(struct loom *l)
{
	int ret;

	ret = loom_power(l);
	if (ret < 0)
		return ret;
	if (l->mode == 1)
		ret = -EBUSY; // warning: wrong-errno "`ret` is set here and never read"
	return 0;
}

/* Nothing to do is no failure, and the exit is for both. */
int loom_weave(struct loom *l, int rows)
{
	int ret;

	ret = loom_power(l);
	if (ret)
		goto out;
	if (rows == 0) // ok: wrong-errno
		goto out;
	ret = loom_thread(l);
out:
	loom_power_off(l);
	return ret;
}

/* Whoever takes things down goes on. */
int loom_clean(struct loom *l)
{
	int ret;

	ret = loom_power(l);
	if (ret) {
		dev_err(l->dev, "no power: %d\n", ret);
		return 0; // ok: wrong-errno
	}
	loom_power_off(l);
	return 0;
}

/* The clock may be missing. */
int loom_clock(struct loom *l)
{
	int ret = loom_thread(l);

	if (ret)
		return 0; // ok: wrong-errno
	return loom_power(l);
}

int loom_spare(struct loom *l)
{
	int ret;

	ret = loom_power(l);
	if (ret)
		return ret;
	l->warp = kmalloc(32, GFP_KERNEL);
	if (!l->warp)
		return ret; // warning: wrong-errno "kmalloc() failed, and loom_spare() returns 0 as if it had not"
	return 0;
}

int loom_beam(struct loom *l)
{
	l->warp = kmalloc(32, GFP_KERNEL);
	if (!l->warp)
		return -1; // hint: wrong-errno "-1 is -EPERM: kmalloc() failed for want of memory"
	return 0;
}

/* One goto leads to the label, and what is returned is the 0 of what went well. */
int loom_thread_clock(struct loom *l)
{
	struct clk *clk;
	int ret;

	ret = loom_power(l);
	if (ret)
		return ret;
	clk = devm_clk_get(l->dev, "thread"); // related: wrong-errno "devm_clk_get() called here"
	if (IS_ERR(clk))
		goto err_power;
	l->clk = clk;
	return 0;

err_power:
	loom_power_off(l);
	return ret; // warning: wrong-errno "devm_clk_get() failed, and loom_thread_clock() returns 0 as if it had not"
}

struct loom *loom_copy(struct loom *l)
{
	struct loom *copy = kmemdup(l, sizeof(*l), GFP_KERNEL);
	int ret = 0;

	if (!copy)
		return ERR_PTR(ret); // warning: wrong-errno "`ret` is 0 here, and ERR_PTR() of it is NULL: kmemdup() failed"
	return copy;
}

long loom_tell(struct loom *l, void __user *to)
{
	if (!l->mode)
		return -ENODATA;
	return copy_to_user(to, &l->mode, sizeof(l->mode)); // warning: wrong-errno "`copy_to_user()` is a number of bytes here"
}

int loom_wait(struct loom *l)
{
	long left;

	left = wait_for_completion_timeout(&l->woven, HZ);
	if (left < 0) // warning: wrong-errno "wait_for_completion_timeout() returns 0 when the time is up, and never less"
		return left;
	return 0;
}

static struct loom *loom_next(struct loom *l)
{
	if (l->mode == 3)
		return NULL;
	if (l->mode > 3)
		return ERR_PTR(-EINVAL);
	return l + 1;
}

int loom_follow(struct loom *l)
{
	struct loom *next = loom_next(l);

	if (IS_ERR_OR_NULL(next))
		return PTR_ERR(next); // warning: wrong-errno "`next` may be NULL here, and PTR_ERR() of it is 0: loom_next() returns either"
	next->irq = 0;
	return 0;
}

/* The common exit says itself that it is an error. */
int loom_replay(struct loom *l, int type)
{
	int err = 0;

	switch (type) {
	case 0:
		err = loom_weave(l);
		break;
	default:
		err = -EINVAL; // ok: wrong-errno
		goto bad;
	}
	return err;
bad:
	dev_err(l->dev, "unknown node\n");
	return -EINVAL;
}

/* 1 says that it was done, 0 that it was not. */
int loom_forward(struct loom *l, struct loom *other)
{
	void *copy;
	int rc = 0;

	if (!other->warp)
		goto out;
	copy = kmemdup(l->warp, 64, GFP_ATOMIC);
	if (!copy) // ok: wrong-errno
		goto out;
	other->warp = copy;
	rc = 1;
out:
	put_device(other->dev);
	return rc;
}

int loom_start(struct loom *l);
void loom_stop(struct loom *l);
struct loom *loom_twin(struct loom *l);

/* Whoever comes to the label has failed. */
int loom_pair(struct loom *l)
{
	struct loom *twin;
	int ret;

	ret = loom_start(l);
	if (ret < 0)
		return ret;
	twin = loom_twin(l);
	if (!twin) // warning: wrong-errno "loom_pair() fails here and returns 0, which `ret` still holds"
		goto err_stop;
	l->warp = twin;
	return 0;

err_stop:
	loom_stop(l);
	return ret;
}

/* It ends well at the label, too. */
int loom_pair_once(struct loom *l)
{
	struct loom *twin;
	int ret;

	ret = loom_start(l);
	if (ret < 0)
		return ret;
	twin = loom_twin(l);
	if (!twin) // ok: wrong-errno
		goto stop;
	l->warp = twin;

stop:
	loom_stop(l);
	return ret;
}

/* A number decides, which may well be none. */
int loom_pair_some(struct loom *l, int count)
{
	int ret = loom_start(l);

	if (ret < 0)
		return ret;
	if (!count) // ok: wrong-errno
		goto stop;
	l->mode = count;
	return 0;

stop:
	loom_stop(l);
	return ret;
}

int loom_register(struct platform_device *pdev);

static int loom_probe(struct platform_device *pdev)
{
	if (!pdev->dev.of_node)
		return ENODEV; // warning: wrong-errno "`ENODEV` is positive here, and loom_probe() returns negative errnos"
	return loom_register(pdev);
}

/* Its callers are not seen: they may turn the sign. */
int loom_probe_one(struct platform_device *pdev)
{
	if (!pdev->dev.of_node)
		return ENODEV; // ok: wrong-errno
	return loom_register(pdev);
}

static struct platform_driver loom_driver = {
	.probe = loom_probe,
	.driver = {
		.name = "loom",
	},
};
module_platform_driver(loom_driver);

static int loom_read_pattern(struct loom *l)
{
	if (!l->warp)
		return -ENODATA;
	return 0;
}

/* Where the first way is closed, there is another. */
int loom_pattern(struct loom *l)
{
	void *copy;
	int ret;

	ret = loom_read_pattern(l);
	if (ret == 0)
		return 0;
	copy = kmemdup(l->warp, 64, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	if (l->warp)
		loom_apply(l, copy);
	else
		loom_start(l, copy);
	kfree(copy);
	return 0; // ok: wrong-errno
}

MODULE_LICENSE("GPL");
