namespace ImageScan.Core.Inventory;

/// <summary>
/// Who makes Debian packages for repositories of his own. Who is a distribution's cannot be told from outside: its maintainers are thousands, with
/// addresses of their own. So these are known ones, as their control files name them; who is in Debian too (PostgreSQL's, Ondřej Surý's) cannot be
/// among them. That some are known is as in Trivy (https://github.com/aquasecurity/trivy/issues/9916).
/// </summary>
internal static class DebPublishers
{
    // None of these may be an address of a maintainer in Debian: of google.com and nvidia.com some are (apt-cache dumpavail, bookworm).
    private static readonly string[] Domains =
    [
        "azul.com", "clickhouse.com", "cloudflare.com", "confluent.io", "datadoghq.com", "docker.com", "dotnetfoundation.org", "elastic.co", "f5.com",
        "gitlab.com", "grafana.com", "hashicorp.com", "influxdata.com", "influxdb.com", "konghq.com", "microsoft.com", "newrelic.com", "nginx.com",
        "nodesource.com", "oracle.com", "percona.com", "rabbitmq.com", "tailscale.com",
    ];

    private static readonly string[] Addresses =
        ["cudatools@nvidia.com", "ernie.hershey@mongodb.com", "packaging@mongodb.com", "temurin-dev@eclipse.org", "yarn@dan.cx"];

    // Those whose address says nothing, or who give none.
    private static readonly string[] Names =
    [
        "Amazon Corretto Team", "Chrome Linux Team", "GitHub", "Google Cloud CLI Authors", "Google Cloud SDK Authors", "HashiCorp", "Kubernetes Authors",
        "MariaDB Developers", "PowerShell Team", "RabbitMQ Team", "The Bazel Authors",
    ];

    /// <summary>The name of a known publisher, as a control file's <c>Maintainer</c> has it; null for everybody else.</summary>
    public static string? NameOf(string? maintainer)
    {
        string text = maintainer?.Trim() ?? "";
        int open = text.LastIndexOf('<');
        string name = open < 0 ? text : text[..open].Trim();
        string address = (open < 0 ? text : text[(open + 1)..]).TrimEnd('>');
        string domain = address[(address.LastIndexOf('@') + 1)..];
        bool isKnown = Names.Contains(name, StringComparer.OrdinalIgnoreCase)
            || Addresses.Contains(address, StringComparer.OrdinalIgnoreCase)
            || (domain.Length < address.Length && Array.Exists(Domains, known => IsOrIsBelow(domain, known)));
        return !isKnown ? null : name.Length > 0 ? name : address;
    }

    private static bool IsOrIsBelow(string domain, string known) =>
        domain.EndsWith(known, StringComparison.OrdinalIgnoreCase) && (domain.Length == known.Length || domain[^(known.Length + 1)] == '.');
}
