using System.Security.Cryptography;
using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Results;

namespace ImageScan.Core.Scans.Integrations;

/// <summary>
/// The rows that every StackRox has from the start (https://github.com/stackrox/stackrox/blob/4.5.0/central/imageintegration/store/defaults.go), so
/// that clients which look them up find them.
/// </summary>
public static class DefaultIntegrations
{
    /// <summary>The scanner whose form and rules our answers follow.</summary>
    public static ImageIntegration ScannerV4 { get; } = new()
    {
        Id = "a87471e6-9678-4e66-8348-91e302b6de07",
        Name = "Scanner V4",
        Type = IntegrationTypes.ScannerV4,
        Categories = [IntegrationCategory.Scanner],
        Config = new ScannerV4Config(0, "", ""),
    };

    /// <summary>All of them: registries, and the two scanners of StackRox.</summary>
    public static IReadOnlyList<ImageIntegration> All { get; } =
    [
        Registry("10d3b4dc-8295-41bc-bb50-6da5484cdb1a", "Public DockerHub", DockerHub.ApiHost),
        Registry("c6a1a26d-8947-4cb0-a50d-a018856f9390", "Public Kubernetes GCR (deprecated)", "k8s.gcr.io"),
        Registry("f6ce8982-1a75-4430-96f3-9b22b4b66604", "Public Kubernetes Registry", "registry.k8s.io"),
        Registry("05fea766-e2f8-44b3-9959-eaa61a4f7466", "Public GCR", "gcr.io"),
        Registry("6d7fc3f3-03d0-4b61-bf9f-34982a77bd56", "Public GKE GCR", "gke.gcr.io") with { SkipTestIntegration = true },
        Registry("e50087f1-6840-4d15-aeca-21ba636f0878", "Public Quay.io", "quay.io") with
        {
            Type = IntegrationTypes.Quay,
            Config = new QuayConfig("quay.io", Insecure: false, RobotUsername: null),
        },
        Registry("4b36a1c3-2d6f-452e-a70f-6c388a0ff947", "Public Microsoft Container Registry", "mcr.microsoft.com"),
        Registry("5febb194-a21d-4109-9fad-6880dd632adc", "Public Amazon ECR", "public.ecr.aws"),
        Registry("54107745-5717-49c1-9073-a2b72f7a3b49", "registry.access.redhat.com", "registry.access.redhat.com") with { Type = IntegrationTypes.RedHat },
        new()
        {
            Id = "169b0d3f-8277-4900-bbce-1127077defae",
            Name = "Stackrox Scanner",
            Type = IntegrationTypes.Clairify,
            Categories = [IntegrationCategory.Scanner, IntegrationCategory.NodeScanner],
            Config = new ClairifyConfig("https://scanner.stackrox.svc:8080", "", 0),
        },
        ScannerV4,
    ];

    private static readonly Dictionary<string, ImageOrigin> ByHost = All
        .Where(row => row.Categories.Contains(IntegrationCategory.Registry))
        .ToDictionary(row => IntegrationHost.Of(row)!.Name, row => new ImageOrigin(row.Id, row.Name, ""));

    /// <summary>Whether an id is that of one of them.</summary>
    public static bool Has(string id) => All.Any(row => row.Id == id);

    /// <summary>The registry of a host as these rows have it, else one named after the host with an id that follows from it.</summary>
    public static ImageOrigin OfHost(string host) => ByHost.GetValueOrDefault(host) ?? NamedAfter(host);

    /// <summary>A registry that is no row: named after its host, with an id that follows from it.</summary>
    public static ImageOrigin NamedAfter(string host) => new(IdOf(host), host, "");

    private static ImageIntegration Registry(string id, string name, string endpoint) => new()
    {
        Id = id,
        Name = name,
        Type = IntegrationTypes.Docker,
        Categories = [IntegrationCategory.Registry],
        Config = new DockerConfig(endpoint, "", Insecure: false),
    };

    // A UUID of version 8: a name's hash with version and variant set (https://www.rfc-editor.org/rfc/rfc9562#section-5.8).
    private static string IdOf(string host)
    {
        Span<byte> bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"registry:{host}")).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
