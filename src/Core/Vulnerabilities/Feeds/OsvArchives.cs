using System.Net;
using System.Runtime.CompilerServices;

namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>
/// Finds the archives of a folder or an address laid out like the OSV bucket: <c>&lt;Ecosystem&gt;/all.zip</c> below it, or its own
/// <c>all.zip</c> if it has one. An address lists its ecosystems in <c>ecosystems.txt</c> (https://google.github.io/osv.dev/data/).
/// </summary>
/// <param name="location">A folder, a zip file, or an http(s) address.</param>
/// <param name="http">Asks for addresses.</param>
public sealed class OsvArchives(string location, HttpClient http)
{
    private const string ArchiveName = "all.zip";
    // Tens of MB are usual; the whole bucket's archive is near one GiB.
    private const long MaxArchiveBytes = 4L << 30;
    private const int MaxListBytes = 1024 * 1024;

    public string Location => location;

    private bool IsAddress => location.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        || location.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Opens one archive after the other; the caller disposes of each. What cannot be opened is told to the report.</summary>
    public IAsyncEnumerable<OsvArchive> OpenAsync(FeedReport report, CancellationToken cancellationToken) =>
        IsAddress ? FetchAsync(report, cancellationToken) : FilesAsync(report);

    private async IAsyncEnumerable<OsvArchive> FilesAsync(FeedReport report)
    {
        await Task.CompletedTask;
        var paths = Paths();
        if (paths.Count == 0)
        {
            report.AddFailed(location, $"has no {ArchiveName} in it or in a folder of it.");
        }

        foreach (string path in paths)
        {
            FileStream? content = null;
            try
            {
                content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
            }
            catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
            {
                report.AddFailed(path, broken.Message);
            }

            if (content is not null)
            {
                yield return new OsvArchive(NameOf(path), content);
            }
        }
    }

    private List<string> Paths()
    {
        if (File.Exists(location))
        {
            return [location];
        }

        string whole = Path.Combine(location, ArchiveName);
        if (File.Exists(whole))
        {
            return [whole];
        }

        return Directory.Exists(location)
            ? [.. Directory.EnumerateDirectories(location).Select(folder => Path.Combine(folder, ArchiveName)).Where(File.Exists)
                .Order(StringComparer.Ordinal)]
            : [];
    }

    // "osv/npm" of ".../osv/npm/all.zip": the snapshot tells it to others, whom the folders of this machine do not concern.
    private static string NameOf(string path)
    {
        var file = new FileInfo(path);
        string folder = file.Directory?.Name ?? "";
        string parent = file.Directory?.Parent?.Name ?? "";
        return file.Name == ArchiveName ? $"{parent}/{folder}" : $"{folder}/{file.Name}";
    }

    private async IAsyncEnumerable<OsvArchive> FetchAsync(FeedReport report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var address in await AddressesAsync(report, cancellationToken))
        {
            string name = address.GetLeftPart(UriPartial.Path);
            Stream? content = null;
            try
            {
                content = await DownloadAsync(address, cancellationToken);
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException)
            {
                report.AddFailed(name, broken.Message);
            }

            if (content is not null)
            {
                yield return new OsvArchive(name, content);
            }
        }
    }

    private async Task<IReadOnlyList<Uri>> AddressesAsync(FeedReport report, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(location, UriKind.Absolute, out var root))
        {
            report.AddFailed(location, "is no valid address.");
            return [];
        }

        if (root.AbsolutePath.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
        {
            return [root];
        }

        string folder = root.GetLeftPart(UriPartial.Path).TrimEnd('/');
        var list = new Uri(folder + "/ecosystems.txt");
        try
        {
            using var answer = await http.GetAsync(list, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (answer.StatusCode == HttpStatusCode.NotFound)
            {
                return [new Uri($"{folder}/{ArchiveName}")];
            }

            answer.EnsureSuccessStatusCode();
            await answer.Content.LoadIntoBufferAsync(MaxListBytes, cancellationToken);
            string names = await answer.Content.ReadAsStringAsync(cancellationToken);
            // Archives hold all releases of an ecosystem, so the list's "Debian:11" is in Debian's.
            return [.. names.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(name => OsvEcosystem.Parse(name).Name).Where(name => name is not ("" or "." or "..")).Distinct(StringComparer.Ordinal)
                .Select(name => new Uri($"{folder}/{Uri.EscapeDataString(name)}/{ArchiveName}"))];
        }
        catch (HttpRequestException broken)
        {
            report.AddFailed(list.AbsoluteUri, broken.Message);
            return [];
        }
    }

    // To a file, since a zip's table of contents is at its end.
    private async Task<Stream> DownloadAsync(Uri address, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        answer.EnsureSuccessStatusCode();
        var file = new FileStream(
            Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            bufferSize: 1 << 16,
            FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        try
        {
            await using var content = await answer.Content.ReadAsStreamAsync(cancellationToken);
            byte[] buffer = new byte[1 << 16];
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
            {
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                if (file.Length > MaxArchiveBytes)
                {
                    throw new IOException($"{address.GetLeftPart(UriPartial.Path)} is larger than {MaxArchiveBytes} bytes.");
                }
            }

            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }
}

/// <summary>One opened archive; whoever takes it disposes of its content.</summary>
/// <param name="Name">For people, without credentials or folders of this machine.</param>
/// <param name="Content">Seekable.</param>
public sealed record OsvArchive(string Name, Stream Content);
