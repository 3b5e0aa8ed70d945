using System.Security.Cryptography;
using System.Text;
using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Api;

/// <summary>
/// The integrations that an answer names as its sources: the rows that every StackRox has from the start
/// (https://github.com/stackrox/stackrox/blob/4.5.0/central/imageintegration/store/defaults.go), so that clients which look them up find
/// them.
/// </summary>
public static class DataSources
{
    /// <summary>The scanner whose form and rules these answers follow; which software made them is in <c>scannerVersion</c>.</summary>
    public static WireDataSource Scanner { get; } = new() { Id = "a87471e6-9678-4e66-8348-91e302b6de07", Name = "Scanner V4" };

    /// <summary>The integration for a registry host: a default row, or one named after the host with an id that follows from it.</summary>
    public static WireDataSource OfRegistry(string host) => host switch
    {
        "docker.io" => Row("10d3b4dc-8295-41bc-bb50-6da5484cdb1a", "Public DockerHub"),
        "k8s.gcr.io" => Row("c6a1a26d-8947-4cb0-a50d-a018856f9390", "Public Kubernetes GCR (deprecated)"),
        "registry.k8s.io" => Row("f6ce8982-1a75-4430-96f3-9b22b4b66604", "Public Kubernetes Registry"),
        "gcr.io" => Row("05fea766-e2f8-44b3-9959-eaa61a4f7466", "Public GCR"),
        "gke.gcr.io" => Row("6d7fc3f3-03d0-4b61-bf9f-34982a77bd56", "Public GKE GCR"),
        "quay.io" => Row("e50087f1-6840-4d15-aeca-21ba636f0878", "Public Quay.io"),
        "mcr.microsoft.com" => Row("4b36a1c3-2d6f-452e-a70f-6c388a0ff947", "Public Microsoft Container Registry"),
        "public.ecr.aws" => Row("5febb194-a21d-4109-9fad-6880dd632adc", "Public Amazon ECR"),
        "registry.access.redhat.com" => Row("54107745-5717-49c1-9073-a2b72f7a3b49", "registry.access.redhat.com"),
        _ => Row(IdOf(host), host),
    };

    private static WireDataSource Row(string id, string name) => new() { Id = id, Name = name };

    // A UUID of version 8: a name's hash with version and variant set (https://www.rfc-editor.org/rfc/rfc9562#section-5.8).
    private static string IdOf(string host)
    {
        Span<byte> bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"registry:{host}")).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
