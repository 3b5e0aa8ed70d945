using System.Security.Cryptography;

namespace ImageScan.Core.Detectors;

/// <summary>Takes the MD5 of a file's content while somebody reads it.</summary>
internal static class ContentSum
{
    /// <summary>
    /// Lets <paramref name="read"/> read the content, and what it leaves to the end too. In lower-case hexadecimal digits; null on a machine that
    /// allows only the algorithms of FIPS 140.
    /// </summary>
    public static string? Of(Stream content, Action<Stream> read)
    {
        using MD5? sum = NewSum();
        if (sum is null)
        {
            read(content);
            return null;
        }

        using var summed = new CryptoStream(content, sum, CryptoStreamMode.Read, leaveOpen: true);
        read(summed);
        summed.CopyTo(Stream.Null);
        return Convert.ToHexStringLower(sum.Hash!);
    }

    private static MD5? NewSum()
    {
        try
        {
#pragma warning disable CA5351 // It is what dpkg states; whoever can make two files of one sum made the image.
            return MD5.Create();
#pragma warning restore CA5351
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
