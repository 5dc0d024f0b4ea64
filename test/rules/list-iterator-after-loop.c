// fixture: channels that are looked up, with and without success.
#include <linux/errno.h>
#include <linux/list.h>
#include <linux/printk.h>

struct channel {
	struct list_head node;
	struct list_head *owner;
	int id;
	int rate;
};

static int channel_rate(struct list_head *channels, int id)
{
	struct channel *channel;

	list_for_each_entry(channel, channels, node) { // related: list-iterator-after-loop "may end without having found"
		if (channel->id == id)
			break;
	}
	return channel->rate; // warning: list-iterator-after-loop "`channel` is no element here when list_for_each_entry() found nothing"
}

static int channel_known(struct list_head *channels, int id)
{
	struct channel *channel;

	list_for_each_entry(channel, channels, node)
		if (channel->id == id)
			break;
	if (!channel) // warning: list-iterator-after-loop "`channel` is never NULL here"
		return -ENOENT;
	return 0;
}

static int channel_compare(struct list_head *channels, int *id)
{
	struct channel *channel;

	list_for_each_entry(channel, channels, node) {
		if (&channel->id == id)
			break;
	}
	if (&channel->id != id) // information: list-iterator-after-loop "is no element here"
		return -EINVAL;
	return 0;
}

static void channel_insert(struct list_head *channels, struct channel *new)
{
	struct channel *channel;

	list_for_each_entry(channel, channels, node)
		if (channel->id > new->id)
			break;
	list_add_tail(&new->node, &channel->node); // ok: list-iterator-after-loop
}

static int channel_flagged(struct list_head *channels, int id)
{
	struct channel *channel;
	bool found = false;

	list_for_each_entry(channel, channels, node) {
		if (channel->id == id) {
			found = true;
			break;
		}
	}
	if (!found)
		return -ENOENT;
	return channel->rate; // ok: list-iterator-after-loop
}

static int channel_head(struct list_head *channels, int id)
{
	struct channel *channel;

	list_for_each_entry(channel, channels, node)
		if (channel->id == id)
			break;
	if (list_entry_is_head(channel, channels, node)) // ok: list-iterator-after-loop
		return -ENOENT;
	return channel->rate;
}

static int channel_first(struct list_head *channels)
{
	struct channel *channel;

	if (list_empty(channels))
		return -ENOENT;
	list_for_each_entry(channel, channels, node)
		break;
	return channel->rate; // ok: list-iterator-after-loop
}

static int channel_again(struct list_head *channels)
{
	struct channel *channel;

	list_for_each_entry(channel, channels, node)
		pr_info("channel %d\n", channel->id);
	channel = list_first_entry(channels, struct channel, node); // ok: list-iterator-after-loop
	return channel->rate;
}
