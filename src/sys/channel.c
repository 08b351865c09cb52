/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/channel.h"

#include <errno.h>
#include <sys/socket.h>

bool
channel_pair(int ret[static 2], struct error *reterr)
{
	int size = 2 * CHANNEL_MESSAGE_MAX;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ret) != 0)
		return error_set(reterr, ERROR_IO, "cannot make a channel: %s",
				 strerror(errno));
	for (int i = 0; i < 2; i++)
		setsockopt(ret[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	return true;
}

/* Room for one descriptor in a control message. */
union control {
	struct cmsghdr header;
	char room[CMSG_SPACE(sizeof(int))];
};

bool
channel_send(int channel, struct span message, int fd)
{
	struct iovec part = {(void *)(uintptr_t)message.ptr, message.len};
	union control control = {.room = {0}};
	struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
	ssize_t n;

	if (fd >= 0) {
		header.msg_control = control.room;
		header.msg_controllen = sizeof(control.room);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	}
	do
		n = sendmsg(channel, &header, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)message.len;
}

enum channel_status
channel_receive(int channel, void *to, size_t room, size_t *ret_len,
		int *ret_fd)
{
	struct iovec part = {to, room};
	union control control = {.room = {0}};
	struct msghdr header = {.msg_iov = &part,
				.msg_iovlen = 1,
				.msg_control = control.room,
				.msg_controllen = sizeof(control.room)};
	ssize_t n;

	do
		n = recvmsg(channel, &header, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return CHANNEL_NONE;
	if (n <= 0)
		return CHANNEL_CLOSED;
	*ret_len = (size_t)n;
	*ret_fd = -1;
	if (header.msg_controllen >= CMSG_LEN(sizeof(int)) &&
	    control.header.cmsg_level == SOL_SOCKET &&
	    control.header.cmsg_type == SCM_RIGHTS)
		memcpy(ret_fd, CMSG_DATA(&control.header), sizeof(*ret_fd));
	return CHANNEL_OK;
}
