// fixture: a converter that may not answer.
#include <linux/bits.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/jiffies.h>

#define STATUS 0x04
#define READY BIT(0)

struct adc {
	void __iomem *base;
	struct completion done;
	struct completion told;
	bool stop;
};

static irqreturn_t adc_handler(int irq, void *data)
{
	struct adc *adc = data;

	complete(&adc->done);
	complete(&adc->told);
	return IRQ_HANDLED;
}

static int adc_setup(struct adc *adc, int irq)
{
	return request_irq(irq, adc_handler, 0, "adc", adc);
}

static void adc_cancel(struct adc *adc)
{
	complete(&adc->told);
}

static int adc_sleep(struct adc *adc)
{
	if (!wait_for_completion_timeout(&adc->done, HZ))
		return -ETIMEDOUT;
	wait_for_completion(&adc->told);
	return 0;
}

static int adc_spin(struct adc *adc)
{
	u32 status;

	return readl_poll_timeout_atomic(adc->base + STATUS, status, status & READY, 1, 1000);
}

static int adc_counted(struct adc *adc)
{
	unsigned long end = jiffies + HZ;
	int tries = 100;

	while (!(readl(adc->base + STATUS) & READY) && --tries)
		cpu_relax();
	while (!(readl(adc->base + STATUS) & READY) && time_before(jiffies, end))
		cpu_relax();
	while (!(readl(adc->base + STATUS) & READY)) {
		if (adc->stop)
			return -EINTR;
	}
	return tries > 0 ? 0 : -ETIMEDOUT;
}
