using System.Diagnostics;
using System.Formats.Tar;
using System.Text;
using System.Text.Json;
using ImageScan.Core.Layers;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Layers;

public sealed class RealArchivesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("layers-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("--format=gnu")]
    [InlineData("--format=pax")]
    [InlineData("--format=oldgnu")]
    [InlineData("--format=ustar")]
    [InlineData("--format=v7")]
    [InlineData("--format=posix", "-S", "--sparse-version=0.0")]
    [InlineData("--format=posix", "-S", "--sparse-version=0.1")]
    [InlineData("--format=posix", "-S", "--sparse-version=1.0")]
    [InlineData("--format=gnu", "-S")]
    public void ReadsWhatGnuTarWrites(params string[] options)
    {
        bool isOld = options[0] is "--format=v7" or "--format=ustar";
        string longName = new('n', isOld ? 90 : 220);
        string sparse = string.Concat(Enumerable.Range(0, 40).Select(i => $"piece {i}".PadRight(40_960, '\0')));
        Write("tree/etc/os-release", "ID=debian");
        Write($"tree/{longName}", "long");
        WriteSparse("tree/sparse", sparse);
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "tree/link"), "../" + longName);
        Run("ln", "tree/etc/os-release", "tree/zz-hard");
        string archive = Path.Combine(_folder.FullName, "out.tar");

        Run("tar", [.. options, "--sort=name", "-cf", archive, "-C", "tree", "."]);
        Walked walked = Walked.Of(File.ReadAllBytes(archive));

        Assert.Equal(
        [
            new LayerEntry("etc", LayerEntryKind.Folder, IsExecutable: true),
            new LayerEntry("etc/os-release", LayerEntryKind.File, 9),
            new LayerEntry("link", LayerEntryKind.SymbolicLink, LinkTarget: "../" + longName, IsExecutable: true),
            new LayerEntry(longName, LayerEntryKind.File, 4),
            new LayerEntry("sparse", LayerEntryKind.File, sparse.Length),
            new LayerEntry("zz-hard", LayerEntryKind.HardLink, LinkTarget: "etc/os-release"),
        ], walked.Entries);
        Assert.Equal(sparse, walked.Contents[4]);
        if (options.Contains("-S"))
        {
            Assert.True(new FileInfo(archive).Length < sparse.Length, "GNU tar did not write the file as a sparse one.");
        }
    }

    [Theory]
    [InlineData("alpine-3.20.tar")]
    [InlineData("alpine-3.4.tar")]
    [InlineData("debian-11.tar")]
    [InlineData("distroless-base12.tar")]
    [InlineData("rpm-sle15-bci.tar")]
    public void ListsTheLayersOfRealImagesAsGnuTarDoes(string image)
    {
        string path = SharedData.Path("images", image);

        foreach (byte[] layer in LayersOf(path))
        {
            string file = Path.Combine(_folder.FullName, "layer.tar");
            File.WriteAllBytes(file, layer);
            IEnumerable<string> expected = Run("tar", "--quoting-style=literal", "-tf", file)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => LayerPath.Normalize(Encoding.UTF8.GetBytes(line), new LayerLimits()))
                .Where(line => line.Length > 0);

            Assert.Equal(expected, Walked.Of(layer).Paths);
        }
    }

    [Fact]
    public void ReadsWhatDotNetWrites()
    {
        var tar = new MemoryStream();
        string longName = string.Join('/', Enumerable.Repeat("folder", 40));
        using (var writer = new TarWriter(tar, TarEntryFormat.Pax, leaveOpen: true))
        {
            var text = new MemoryStream("text"u8.ToArray());
            var next = new MemoryStream("next"u8.ToArray());
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, longName) { DataStream = text });
            writer.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, longName + "2") { DataStream = next });
        }

        Walked walked = Walked.Of(tar.ToArray());

        Assert.Equal([longName, longName + "2"], walked.Paths);
        Assert.Equal(["text", "next"], walked.Contents);
    }

    private static IEnumerable<byte[]> LayersOf(string image)
    {
        Dictionary<string, byte[]> files = [];
        using (var walker = new LayerWalker(File.OpenRead(image), "", new LayerLimits()))
        {
            while (walker.MoveNext())
            {
                var content = new MemoryStream();
                walker.Content.CopyTo(content);
                files[walker.Current.Path] = content.ToArray();
            }
        }

        using var manifest = JsonDocument.Parse(files["manifest.json"]);
        return [.. manifest.RootElement[0].GetProperty("Layers").EnumerateArray().Select(layer => files[layer.GetString()!])];
    }

    private void Write(string name, string content)
    {
        string path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    private void WriteSparse(string name, string content)
    {
        using FileStream file = File.Create(Path.Combine(_folder.FullName, name));
        foreach (int start in Enumerable.Range(0, content.Length / 40_960).Select(i => i * 40_960))
        {
            file.Position = start;
            file.Write(Encoding.ASCII.GetBytes(content.Substring(start, 40_960).TrimEnd('\0')));
        }

        file.SetLength(content.Length);
    }

    private string Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = _folder.FullName,
                RedirectStandardOutput = true,
                Environment = { ["LC_ALL"] = "C.UTF-8" },
            })!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            return output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"Skipped: {program} is not on this machine.");
            throw;
        }
    }
}
