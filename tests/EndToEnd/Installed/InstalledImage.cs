using System.Text.Json;
using ImageScan.Core.Images;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Installed;

/// <summary>
/// An image of really installed packages, a layer for each ecosystem, and what <c>imagescan inventory</c> says of it. An ecosystem whose
/// programs the machine lacks is left out of it.
/// </summary>
public sealed class InstalledImage : IAsyncLifetime
{
    private static readonly Dictionary<string, string> NoSettings = [];

    // SourceType in https://github.com/stackrox/stackrox/blob/master/proto/storage/image.proto; it has none for crates.
    private static readonly Dictionary<string, string> Sources = new()
    {
        ["dpkg"] = "OS",
        ["npm"] = "NODEJS",
        ["python"] = "PYTHON",
        ["gem"] = "RUBY",
        ["maven"] = "JAVA",
        ["nuget"] = "DOTNETCORERUNTIME",
        ["go"] = "GO",
        ["cargo"] = "INFRASTRUCTURE",
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("imagescan-installed-");
    private readonly List<InstalledPart> _parts =
        [new DebianPart(), new NpmPart(), new PythonPart(), new RubyPart(), new JavaPart(), new DotNetPart(), new GoPart(), new RustPart()];
    private readonly List<(string Instruction, Digest Layer)> _steps = [];
    private TestRegistry? _registry;
    private JsonElement _inventory;

    /// <summary>The name by which a registry of this process has it.</summary>
    public string Name { get; private set; } = "";

    internal RootFolder Root { get; private set; } = null!;

    internal MadeImage Made { get; private set; } = null!;

    internal JsonElement[] Packages => [.. _inventory.GetProperty("packages").EnumerateArray()];

    internal string[] Warnings => [.. _inventory.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetRawText())];

    /// <summary>The rows that all parts in the image must give, ordered.</summary>
    internal string[] Expected => Ordered(ExpectedRows);

    /// <summary>What StackRox would call them, <c>SOURCE NAME VERSION of layer 3</c>, ordered. Components are one for each name and version.</summary>
    internal string[] ExpectedComponents =>
    [
        .. ExpectedRows
            .Select(row => $"{Sources[row.Type]} {row.Name} {row.Version} of layer {StepOf(row.Instruction)}")
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The rows that the inventory has, ordered.</summary>
    internal string[] Found => Ordered(Packages.Select(RowOf));

    public async ValueTask InitializeAsync()
    {
        InstalledPart[] parts = [.. _parts.Where(part => part.IsPossible)];
        using var debian = new DebianPackages(_folder.CreateSubdirectory("debian").FullName);
        await Task.WhenAll(parts.Select(part => part.PrepareAsync(_folder.CreateSubdirectory(part.GetType().Name).FullName, debian)));

        Root = new RootFolder(Path.Combine(_folder.FullName, "root"));
        foreach (InstalledPart part in parts)
        {
            await part.InstallAsync(Root);
            Commit(part.Instruction);
        }

        foreach (InstalledPart part in parts)
        {
            await part.CleanUpAsync(Root);
        }

        Commit(InstalledPart.LastInstruction);
        Made = Root.Build();
        _registry = await TestRegistry.StartAsync(CancellationToken.None);
        Name = _registry.Push("made/installed", "1", Made);
        _inventory = await InventoryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await (_registry?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Delete(recursive: true);
    }

    /// <summary>The rows that a part must give; skips the running test if the machine lacks its programs.</summary>
    internal string[] ExpectedOf<TPart>()
        where TPart : InstalledPart
    {
        TPart part = _parts.OfType<TPart>().Single();
        part.Require();
        return Ordered(part.Expected);
    }

    /// <summary>The rows of that type.</summary>
    internal string[] FoundOf(string type) => Ordered(Packages.Select(RowOf).Where(row => row.Type == type));

    /// <summary>The digest of the layer that an instruction has made.</summary>
    internal string LayerOf(string instruction) => _steps[StepOf(instruction)].Layer.ToString();

    private IEnumerable<InstalledRow> ExpectedRows => _parts.Where(part => part.IsPossible).SelectMany(part => part.Expected);

    private int StepOf(string instruction) => _steps.FindIndex(step => step.Instruction == instruction);

    private void Commit(string instruction) => _steps.Add((instruction, Root.Commit(instruction)));

    private async Task<JsonElement> InventoryAsync()
    {
        (int exitCode, string output, string error) = await CommandProcess.RunAsync(NoSettings, "inventory", Name, "--format", "json");
        Assert.Equal((0, ""), (exitCode, exitCode == 0 ? "" : error));
        using JsonDocument document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    private static string[] Ordered(IEnumerable<InstalledRow> rows) => [.. rows.Select(row => row.ToString()).Order(StringComparer.Ordinal)];

    private static InstalledRow RowOf(JsonElement package) =>
        new(Text(package, "type"), Text(package, "name"), Text(package, "version"), Text(package, "path"), Text(package, "instruction"));

    private static string Text(JsonElement package, string key) => package.GetProperty(key).GetString() ?? "";
}
