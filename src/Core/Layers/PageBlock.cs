using System.Buffers;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ImageScan.Core.Layers;

/// <summary>
/// Bytes outside the managed heap that go back to the system at once when they are disposed of. On Linux they are pages of their own: the
/// C library keeps what it has lent for each thread, which for blocks of some megabytes came to 150 MiB.
/// </summary>
internal sealed unsafe partial class PageBlock : MemoryManager<byte>
{
    // https://man7.org/linux/man-pages/man2/mmap.2.html: PROT_READ | PROT_WRITE; MAP_PRIVATE | MAP_ANONYMOUS on every architecture of .NET.
    private const int ReadAndWrite = 1 | 2;
    private const int PrivateAndAnonymous = 0x02 | 0x20;

    private readonly int _length;
    private void* _start;

    /// <summary>Takes the bytes, which are not cleared everywhere. Throws <see cref="InsufficientMemoryException"/>.</summary>
    public PageBlock(int length)
    {
        _length = length;
        _start = OperatingSystem.IsLinux() ? MapPages(length) : NativeMemory.Alloc((nuint)length);
    }

    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        return new Span<byte>(_start, _length);
    }

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)_length);
        return new MemoryHandle((byte*)_start + elementIndex);
    }

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        void* start = _start;
        _start = null;
        if (start is null)
        {
            return;
        }

        if (OperatingSystem.IsLinux())
        {
            _ = Unmap(start, (nuint)_length);
        }
        else
        {
            NativeMemory.Free(start);
        }
    }

    private static void* MapPages(int length)
    {
        void* start = Map(null, (nuint)length, ReadAndWrite, PrivateAndAnonymous, -1, 0);
        return (nint)start == -1
            ? throw new InsufficientMemoryException($"No memory for {length} bytes.", new Win32Exception(Marshal.GetLastPInvokeError()))
            : start;
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(void* address, nuint length);
}
