using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace ImageScan.Benchmarks;

/// <summary>
/// A layer made from a seed: files that deflate about as well as those of real images (to two fifths), dpkg's database with its file
/// lists, a tree of Node packages, Python distributions, symbolic links.
/// </summary>
internal sealed class MadeLayer : IDisposable
{
    private static readonly byte[] Pool = MakePool();

    private readonly Random _random;
    private readonly TarWriter _tar;
    private readonly List<string> _systemFiles = [];

    private MadeLayer(Stream archive, int seed)
    {
        _random = new Random(seed);
        _tar = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true);
    }

    /// <summary>Writes a layer packed with gzip: <paramref name="mebibytes"/> in about 30 files each, and 600 Node packages for each 100.</summary>
    public static void Write(string path, int seed, int mebibytes) =>
        Write(path, seed, layer => layer.AddAll(mebibytes));

    /// <summary>Writes a layer of many files with next to nothing in them.</summary>
    public static void WriteMany(string path, int seed, int files) =>
        Write(path, seed, layer => layer.AddFiles("usr/share/zoneinfo", files, largest: 64));

    public void Dispose() => _tar.Dispose();

    private static void Write(string path, int seed, Action<MadeLayer> add)
    {
        using FileStream file = File.Create(path);
        using var gzip = new GZipStream(file, CompressionLevel.Optimal);
        using var layer = new MadeLayer(gzip, seed);
        add(layer);
    }

    private void AddAll(int mebibytes)
    {
        AddText("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian GNU/Linux 12\"\n");
        AddFiles("usr/lib/x86_64-linux-gnu", mebibytes * 12, largest: 130 << 10);
        AddFiles("usr/share/doc", mebibytes * 12, largest: 4 << 10);
        AddLinks(mebibytes * 2);
        AddNodePackages(mebibytes * 6);
        AddPythonPackages(mebibytes / 4);
        AddDpkg(mebibytes * 2);
    }

    private void AddFiles(string root, int count, int largest)
    {
        for (int i = 0; i < count; i++)
        {
            if (i % 50 == 0)
            {
                _tar.WriteEntry(new UstarTarEntry(TarEntryType.Directory, $"{root}/package-{i / 50}/"));
            }

            string path = $"{root}/package-{i / 50}/file-{i}.dat";
            _systemFiles.Add(path);
            AddFile(path, Slice(_random.Next(largest)));
        }
    }

    private void AddLinks(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _tar.WriteEntry(new UstarTarEntry(TarEntryType.SymbolicLink, $"usr/lib/x86_64-linux-gnu/package-{i / 50}/lib{i}.so.1")
            {
                LinkName = $"file-{i}.dat",
            });
        }
    }

    private void AddNodePackages(int count)
    {
        for (int i = 0; i < count; i++)
        {
            string folder = $"opt/app/node_modules/module-{i}";
            AddText($"{folder}/package.json", $$"""
                {"name":"module-{{i}}","version":"1.{{i % 30}}.{{i % 7}}","license":"MIT","description":"{{TextSlice(120)}}",
                "dependencies":{ "module-{{i + 1}}":"^1.0.0","module-{{i + 2}}":"^1.0.0" },"scripts":{"test":"node test.js"} }
                """);
            AddText($"{folder}/lib/package.json", """{"type":"commonjs"}""");
            for (int k = 0; k < 6; k++)
            {
                AddFile($"{folder}/lib/part-{k}.js", Slice(_random.Next(4 << 10)));
            }
        }
    }

    private void AddPythonPackages(int count)
    {
        for (int i = 0; i < count; i++)
        {
            AddText(
                $"usr/lib/python3/dist-packages/dist_{i}-2.{i}.dist-info/METADATA",
                $"Metadata-Version: 2.1\nName: dist-{i}\nVersion: 2.{i}\nLicense: MIT\n\n{TextSlice(2000)}\n");
        }
    }

    private void AddDpkg(int packages)
    {
        int each = Math.Max(1, _systemFiles.Count / packages);
        var status = new StringBuilder();
        for (int i = 0; i < packages; i++)
        {
            status.Append($"""
                Package: package-{i}
                Status: install ok installed
                Priority: optional
                Section: libs
                Installed-Size: {i * 7}
                Maintainer: Somebody <somebody@example.com>
                Architecture: amd64
                Source: source-{i / 3}
                Version: 1.{i % 20}-{i % 4}
                Depends: libc6 (>= 2.34), package-{i / 2}
                Description: {TextSlice(60)}


                """);
            IEnumerable<string> files = _systemFiles.Skip(i * each).Take(each).Select(path => $"/{path}\n");
            AddText($"var/lib/dpkg/info/package-{i}.list", $"/.\n/usr\n{string.Concat(files)}");
        }

        AddText("var/lib/dpkg/status", status.ToString());
    }

    private void AddText(string path, string text) => AddFile(path, new MemoryStream(Encoding.UTF8.GetBytes(text)));

    private void AddFile(string path, Stream content) =>
        _tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, path) { DataStream = content });

    private MemoryStream Slice(int length) => new(Pool, _random.Next(Pool.Length - length), length);

    private string TextSlice(int length) =>
        string.Create(length, _random, static (text, random) =>
        {
            for (int i = 0; i < text.Length; i++)
            {
                text[i] = i % 7 == 6 ? ' ' : (char)('a' + random.Next(26));
            }
        });

    // 16 MiB, so that deflate, which looks back 32 KiB, never meets the same slice again. Words of a small vocabulary stand for text and
    // code, among them runs of bytes that do not repeat.
    private static byte[] MakePool()
    {
        var random = new Random(1);
        byte[][] words = [.. Enumerable.Range(0, 6000).Select(_ => Word(random))];
        var pool = new byte[16 << 20];
        for (int at = 0; at < pool.Length;)
        {
            byte[] word = words[(int)(words.Length * Math.Pow(random.NextDouble(), 2.5))];
            int length = Math.Min(word.Length, pool.Length - at);
            word.AsSpan(0, length).CopyTo(pool.AsSpan(at));
            at += length;
            if (random.Next(22) == 0)
            {
                int noise = Math.Min(random.Next(24), pool.Length - at);
                random.NextBytes(pool.AsSpan(at, noise));
                at += noise;
            }
        }

        return pool;
    }

    private static byte[] Word(Random random)
    {
        var word = new byte[3 + random.Next(9)];
        for (int i = 0; i < word.Length - 1; i++)
        {
            word[i] = (byte)('a' + random.Next(26));
        }

        word[^1] = (byte)' ';
        return word;
    }
}
