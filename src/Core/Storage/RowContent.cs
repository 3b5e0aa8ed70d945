using System.Globalization;
using Azure.Data.Tables;

namespace ImageScan.Core.Storage;

/// <summary>Bytes that fit one row, in as many binary properties as they need.</summary>
internal static class RowContent
{
    /// <summary>Writes them into a row, which has no others. Throws <see cref="StorageException"/> for more than a row takes.</summary>
    /// <param name="row">The row.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="what">What they are, as the beginning of a sentence.</param>
    public static void Write(TableEntity row, ReadOnlyMemory<byte> content, string what)
    {
        if (content.Length > StorageLimits.RowBytes)
        {
            throw new StorageException($"{what} takes {content.Length:N0} bytes; at most {StorageLimits.RowBytes:N0} are kept.");
        }

        for (int i = 0; i * StorageLimits.PropertyBytes < content.Length; i++)
        {
            ReadOnlyMemory<byte> rest = content[(i * StorageLimits.PropertyBytes)..];
            row[ColumnOf(i)] = rest[..Math.Min(rest.Length, StorageLimits.PropertyBytes)].ToArray();
        }
    }

    /// <summary>Reads them back; empty if the row has none.</summary>
    public static byte[] Read(TableEntity row)
    {
        var content = new MemoryStream();
        for (int i = 0; row.GetBinary(ColumnOf(i)) is { } chunk; i++)
        {
            content.Write(chunk);
        }

        return content.ToArray();
    }

    private static string ColumnOf(int number) => string.Create(CultureInfo.InvariantCulture, $"Content{number}");
}
