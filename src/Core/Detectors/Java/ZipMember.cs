using System.Text;

namespace ImageScan.Core.Detectors.Java;

/// <summary>One member of a zip archive, as the central directory describes it. Nothing of it is true before its bytes were read.</summary>
/// <param name="NameBytes">Its name as stored; most are UTF-8.</param>
/// <param name="Flags">General purpose bits (4.4.4).</param>
/// <param name="Method">How it is compressed (4.4.5).</param>
/// <param name="CompressedSize">Bytes in the archive.</param>
/// <param name="Size">Bytes when inflated.</param>
/// <param name="Offset">Where its local header lies, from the start of the archive proper.</param>
internal readonly record struct ZipMember(ReadOnlyMemory<byte> NameBytes, int Flags, int Method, long CompressedSize, long Size, long Offset)
{
    private const int EncryptedFlag = 1;

    public ReadOnlySpan<byte> Name => NameBytes.Span;

    /// <summary>The name as a path in the archive; it is only text, and perhaps meant to lead out of it.</summary>
    public string Path => string.Join('/', Encoding.UTF8.GetString(Name).Split('/', '\\').Where(part => part is not ("" or "." or "..")));

    public bool IsEncrypted => (Flags & EncryptedFlag) != 0;
}
