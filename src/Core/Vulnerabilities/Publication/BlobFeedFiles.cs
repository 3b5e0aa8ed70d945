using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ImageScan.Core.Storage;
using ImageScan.Core.Vulnerabilities.Refresh;

namespace ImageScan.Core.Vulnerabilities.Publication;

/// <summary>
/// Files of a refresh in blobs, <c>feeds/&lt;name&gt;</c>. Both ways go over a file on this machine: a reader is slow and may be overtaken by a
/// writer, and what is written must be seen whole or not at all.
/// </summary>
public sealed class BlobFeedFiles(StorageAccount account) : IFeedFiles
{
    private const string Folder = "feeds/";

    // More than that goes up in blocks, which count with the last word only.
    private static readonly StorageTransferOptions Blocks = new() { InitialTransferSize = 4 << 20, MaximumTransferSize = 4 << 20, MaximumConcurrency = 2 };

    public async Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken)
    {
        FileStream copy = PassingFile.Open();
        try
        {
            bool found = await AskAsync(name, blob => DownloadAsync(blob, copy, cancellationToken), cancellationToken);
            copy.Position = 0;
            if (found)
            {
                return copy;
            }
        }
        catch
        {
            await copy.DisposeAsync();
            throw;
        }

        await copy.DisposeAsync();
        return null;
    }

    public async Task WriteAsync(string name, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        RefuseName(name);
        await using FileStream copy = PassingFile.Open();
        await write(copy);
        await copy.FlushAsync(cancellationToken);
        copy.Position = 0;
        await AskAsync(
            name,
            async blob =>
            {
                await blob.UploadAsync(copy, new BlobUploadOptions { TransferOptions = Blocks }, cancellationToken);
                return true;
            },
            cancellationToken);
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => AskAsync(
        name, async blob => (await blob.DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, null, cancellationToken)).Value, cancellationToken);

    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            BlobContainerClient container = await account.ContainerAsync(ContainerNames.Advisories, cancellationToken);
            var names = new List<string>();
            await foreach (BlobItem blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, Folder, cancellationToken))
            {
                names.Add(blob.Name[Folder.Length..]);
            }

            return [.. names.Where(FeedFileName.IsOne)];
        }
        catch (Exception failure) when (failure is StorageException or RequestFailedException)
        {
            throw new IOException($"The files of feeds cannot be listed: {failure.Message}", failure);
        }
    }

    private static async Task<bool> DownloadAsync(BlobClient blob, FileStream into, CancellationToken cancellationToken)
    {
        try
        {
            using BlobDownloadStreamingResult answer = await blob.DownloadStreamingAsync(cancellationToken: cancellationToken);
            await answer.Content.CopyToAsync(into, cancellationToken);
            return true;
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return false;
        }
    }

    private async Task<bool> AskAsync(string name, Func<BlobClient, Task<bool>> ask, CancellationToken cancellationToken)
    {
        RefuseName(name);
        try
        {
            BlobContainerClient container = await account.ContainerAsync(ContainerNames.Advisories, cancellationToken);
            return await ask(container.GetBlobClient(Folder + name));
        }
        catch (Exception failure) when (failure is StorageException or RequestFailedException or AggregateException)
        {
            // Many tries to go on with a body that breaks off end in an AggregateException.
            throw new IOException($"The file {name} of the feeds: {failure.Message}", failure);
        }
    }

    private static void RefuseName(string name)
    {
        if (!FeedFileName.IsOne(name))
        {
            throw new ArgumentException($"'{name}' is no name of a file.", nameof(name));
        }
    }
}
