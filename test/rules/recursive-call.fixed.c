// fixture: descriptors that lead to each other, followed by loops.
#include <linux/device.h>

struct node {
	struct node *left;
	struct node *next;
	u32 length;
};

static u32 node_sum(const struct node *node)
{
	u32 sum = 0;

	for (; node; node = node->next)
		sum += node->length;
	return sum;
}

static void node_visit(struct node *node)
{
	for (; node; node = node->left)
		node->length = node_sum(node->left);
}
