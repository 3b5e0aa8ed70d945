using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace ImageScan.Core.Storage;

/// <summary>Makes keys of tables out of any text, however hostile: two texts never share a key.</summary>
internal static class TableKey
{
    // The key of a layer is two of them.
    private const int MaxLength = StorageLimits.KeyCharacters / 2;

    /// <summary>
    /// The text with all but letters, digits, <c>. _ : -</c> as <c>~</c> and four hex digits, since Tables refuse <c>/ \ # ?</c> and control
    /// characters in keys; <c>~~</c> and a hash where that is too long.
    /// </summary>
    public static string Of(string text)
    {
        var key = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '-')
            {
                key.Append(c);
            }
            else
            {
                key.Append(CultureInfo.InvariantCulture, $"~{(int)c:x4}");
            }

            if (key.Length > MaxLength)
            {
                return $"~~{Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan())))}";
            }
        }

        return key.ToString();
    }
}
