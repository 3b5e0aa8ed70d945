using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ImageScan.Core.Images;

namespace ImageScan.Local.Demo;

/// <summary>
/// Puts an OCI image together in memory (https://github.com/opencontainers/image-spec/blob/main/manifest.md). The same calls give the
/// same digests: no clock, no user, no order of a file system goes in.
/// </summary>
public sealed class ImageBuilder
{
    private static readonly DateTimeOffset Created = new(2023, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly List<MadeBlob> _layers = [];
    private readonly JsonArray _diffIds = [];
    private readonly JsonArray _history = [];
    private readonly JsonObject _labels = [];

    /// <summary>A gzipped layer of the given text files; folders come with them.</summary>
    /// <param name="instruction">The step of the Dockerfile, for the history.</param>
    /// <param name="files">Paths below the root without leading slash, and what the files hold.</param>
    public ImageBuilder AddLayer(string instruction, params IEnumerable<(string Path, string Text)> files)
    {
        byte[] tar = TarOf(files);
        return AddLayer(instruction, new MadeBlob(MediaTypes.OciLayerTarGzip, Gzip(tar)), Digest.OfSha256(SHA256.HashData(tar)));
    }

    /// <summary>A layer made elsewhere, whatever it holds.</summary>
    public ImageBuilder AddLayer(string instruction, MadeBlob blob, Digest diffId)
    {
        _layers.Add(blob);
        _diffIds.Add(diffId.ToString());
        _history.Add(Step(instruction));
        return this;
    }

    /// <summary>A step that brings no layer.</summary>
    public ImageBuilder AddStep(string instruction)
    {
        JsonObject step = Step(instruction);
        step["empty_layer"] = true;
        _history.Add(step);
        return this;
    }

    public ImageBuilder AddLabel(string name, string value)
    {
        _labels[name] = value;
        return this;
    }

    /// <summary>The image for linux/amd64 as it stands now.</summary>
    public MadeImage Build()
    {
        var config = new MadeBlob(MediaTypes.OciConfig, Encode(new JsonObject
        {
            ["created"] = Text(Created),
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["config"] = new JsonObject { ["Cmd"] = new JsonArray("bash"), ["Labels"] = _labels.DeepClone() },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = _diffIds.DeepClone() },
            ["history"] = _history.DeepClone(),
        }));
        var manifest = new MadeBlob(MediaTypes.OciManifest, Encode(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.OciManifest,
            ["config"] = DescriptorOf(config),
            ["layers"] = new JsonArray([.. _layers.Select(DescriptorOf)]),
        }));
        return new MadeImage(manifest, config, [.. _layers]);
    }

    private static JsonObject Step(string instruction) => new() { ["created"] = Text(Created), ["created_by"] = instruction };

    private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null);

    private static JsonObject DescriptorOf(MadeBlob blob) => new()
    {
        ["mediaType"] = blob.MediaType,
        ["digest"] = blob.Digest.ToString(),
        ["size"] = blob.Bytes.Length,
    };

    private static byte[] Encode(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());

    private static byte[] TarOf(IEnumerable<(string Path, string Text)> files)
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            var folders = new HashSet<string>(StringComparer.Ordinal);
            foreach ((string path, string text) in files)
            {
                for (int slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
                {
                    if (folders.Add(path[..slash]))
                    {
                        writer.WriteEntry(new UstarTarEntry(TarEntryType.Directory, path[..slash] + "/") { ModificationTime = Created });
                    }
                }

                using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
                writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, path) { ModificationTime = Created, DataStream = content });
            }
        }

        return archive.ToArray();
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }
}
