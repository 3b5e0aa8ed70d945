using System.Security.Cryptography;
using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.Core.Vex;

namespace ImageScan.Core.Scans.Suppression;

/// <summary>
/// The VEX documents that act on every answer: given, listed and taken back over the API. Every method throws <see cref="StorageException"/>, and
/// <see cref="SuppressionRefusedException"/> for what cannot be done.
/// </summary>
public sealed class VexUploads(VexStore store, Suppressions suppressions, TimeProvider time)
{
    /// <summary>The largest document taken, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>How many documents there may be: every instance holds the statements of all.</summary>
    public const int MaxDocuments = 100;

    private const int IdCharacters = 32;

    /// <summary>All documents in the order in which they were added.</summary>
    public async Task<IReadOnlyList<VexUpload>> ListAsync(CancellationToken cancellationToken) => (await store.ReadAsync(cancellationToken)).Uploads;

    /// <summary>Adds a document and returns it, and whether it is new; one that is there already stays as it is.</summary>
    public async Task<(VexUpload Upload, bool IsNew)> AddAsync(ReadOnlyMemory<byte> content, ExceptionActor actor, CancellationToken cancellationToken)
    {
        VexUpload added = UploadOf(content, actor);
        VexUpload kept = await store.RetriedAsync(
            async () =>
            {
                StoredVex stored = await store.ReadAsync(cancellationToken);
                if (stored.Uploads.FirstOrDefault(upload => upload.Id == added.Id) is { } known)
                {
                    return known;
                }

                if (stored.Uploads.Count >= MaxDocuments)
                {
                    throw new SuppressionRefusedException(
                        SuppressionRefusal.WrongState, $"at most {MaxDocuments} VEX documents are kept: delete some first, or put several into one");
                }

                return await store.TryWriteAsync(stored, added, cancellationToken) ? added : null;
            },
            cancellationToken);
        suppressions.Forget();
        return (kept, ReferenceEquals(kept, added));
    }

    /// <summary>Removes a document and returns it.</summary>
    public async Task<VexUpload> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        VexUpload removed = await store.RetriedAsync(
            async () =>
            {
                StoredVex stored = await store.ReadAsync(cancellationToken);
                VexUpload upload = stored.Uploads.FirstOrDefault(upload => upload.Id == id)
                    ?? throw new SuppressionRefusedException(SuppressionRefusal.Unknown, $"there is no VEX document {HostileText.Quote(id)}");
                return await store.TryRemoveAsync(stored, upload, cancellationToken) ? upload : null;
            },
            cancellationToken);
        suppressions.Forget();
        return removed;
    }

    /// <summary>
    /// What documents that are kept say together. Throws <see cref="StorageException"/> for one that cannot be read any more: another version of this
    /// program may have taken it.
    /// </summary>
    internal static VexStatements StatementsOf(StoredVex stored) => new(stored.Uploads.Select(upload =>
    {
        try
        {
            return VexReader.Read(Encoding.UTF8.GetBytes(upload.Content));
        }
        catch (FormatException unreadable)
        {
            throw new StorageException($"The VEX document {upload.Id} that is kept cannot be read: {unreadable.Message} Delete it over the API.", unreadable);
        }
    }));

    private VexUpload UploadOf(ReadOnlyMemory<byte> content, ExceptionActor actor)
    {
        VexDocument document;
        try
        {
            document = content.Length <= MaxBytes
                ? VexReader.Read(content)
                : throw new FormatException($"The VEX document has more than {MaxBytes} bytes.");
        }
        catch (FormatException wrong)
        {
            throw new SuppressionRefusedException(SuppressionRefusal.Invalid, wrong.Message);
        }

        var upload = new VexUpload
        {
            Id = Convert.ToHexStringLower(SHA256.HashData(content.Span))[..IdCharacters],
            DocumentId = document.Id,
            Author = document.Author,
            Format = document.Format == VexFormat.OpenVex ? "OpenVEX" : "CycloneDX",
            Timestamp = document.Timestamp,
            Statements = document.Statements.Count,
            AddedAt = time.GetUtcNow(),
            AddedBy = actor,
            Content = Encoding.UTF8.GetString(content.Span),
        };
        return VexStore.Fits(upload)
            ? upload
            : throw new SuppressionRefusedException(SuppressionRefusal.Invalid, "the VEX document is too large to be kept, compressed as it is");
    }
}
