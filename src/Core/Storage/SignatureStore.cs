using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Signatures;

namespace ImageScan.Core.Storage;

/// <summary>
/// What is known of who signed an image: a partition and one row an image, under the digest that its scan is stored under. Every method throws
/// <see cref="StorageException"/> if storage fails.
/// </summary>
public sealed class SignatureStore(StorageAccount account)
{
    // Of what a row takes; the rest is for results. What is signed is mostly hashes, which do not get smaller.
    private const int SignatureBytes = 512 * 1024;

    private const string RowKey = "signatures";

    /// <summary>What is known of an image; null if nothing is, or it was written in another form, so that it is found out anew.</summary>
    public async Task<StoredSignatures?> FindAsync(Digest image, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Signatures, cancellationToken);
        NullableResponse<TableEntity> row = await table.GetEntityIfExistsAsync<TableEntity>(KeyOf(image), RowKey, cancellationToken: cancellationToken);
        return !row.HasValue ? null
            : Compressed.TryRead(RowContent.Read(row.Value!), out KnownSignatures? known) ? new StoredSignatures(known, row.Value!.ETag)
            : new StoredSignatures(null, row.Value!.ETag);
    }

    /// <summary>
    /// Puts it in the place of what was read; false if somebody else was quicker. Of more than a row takes, the results are left out, which are worked
    /// out anew, then the longest signatures.
    /// </summary>
    public async Task<bool> TryReplaceAsync(Digest image, StoredSignatures? read, KnownSignatures known, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Signatures, cancellationToken);
        var row = new TableEntity(KeyOf(image), RowKey);
        RowContent.Write(row, Fitting(known), "What is known of an image's signatures");
        if (read is not null)
        {
            row.ETag = read.ETag;
            return await table.TryReplaceAsync(row, cancellationToken);
        }

        return await table.TrySubmitAsync([new TableTransactionAction(TableTransactionActionType.Add, row)], cancellationToken);
    }

    /// <summary>Removes what is known of an image; nothing is no error.</summary>
    public async Task RemoveAsync(Digest image, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Signatures, cancellationToken);
        await table.DeleteEntityAsync(KeyOf(image), RowKey, ETag.All, cancellationToken);
    }

    private static string KeyOf(Digest image) => TableKey.Of(image.ToString());

    private static ReadOnlyMemory<byte> Fitting(KnownSignatures known)
    {
        KnownSignatures bounded = Bounded(known);
        ReadOnlyMemory<byte> content = Compressed.Write(bounded);
        return content.Length <= StorageLimits.RowBytes ? content : Compressed.Write(bounded with { ResultsOf = "", Results = [] });
    }

    // The shortest are kept, so that one that is made long cannot take the place of the others.
    private static KnownSignatures Bounded(KnownSignatures known)
    {
        var kept = new HashSet<CosignSignature>(ReferenceEqualityComparer.Instance);
        long bytes = 0;
        foreach (CosignSignature signature in known.Signatures.OrderBy(BytesOf))
        {
            bytes += BytesOf(signature);
            if (bytes <= SignatureBytes)
            {
                kept.Add(signature);
            }
        }

        int left = known.Signatures.Count - kept.Count;
        return left == 0 ? known : known with
        {
            Signatures = [.. known.Signatures.Where(kept.Contains)],
            Problems = [.. known.Problems, $"{left} signatures are not kept: all together take at most {SignatureBytes:N0} bytes"],
        };
    }

    private static long BytesOf(CosignSignature signature) => (long)signature.RawSignature.Length + signature.Payload.Length
        + signature.CertificatePem.Length + signature.ChainPem.Length + signature.RekorBundle.Length + signature.SigstoreBundle.Length;
}

/// <summary>What is known as it was read.</summary>
/// <param name="Known">It; null if it is not readable.</param>
/// <param name="ETag">The row as it was read.</param>
public sealed record StoredSignatures(KnownSignatures? Known, ETag ETag);
