namespace Armillary.Cli.Semihosting;

/// <summary>What SYS_ERRNO says: the numbers of Linux, which C libraries for semihosting mostly share.</summary>
internal enum Errno
{
    None = 0,
    EPERM = 1,
    ENOENT = 2,
    EIO = 5,
    EBADF = 9,
    EACCES = 13,
    EFAULT = 14,
    EISDIR = 21,
    EINVAL = 22,
    EMFILE = 24,
    ESPIPE = 29,
    ENAMETOOLONG = 36,
    ENOSYS = 38,
}
