using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Inventory;

public sealed class DebPublishersTests
{
    // As control files have them.
    [Theory]
    [InlineData("NodeSource Support <support@nodesource.com>", "NodeSource Support")]
    [InlineData("NSolid <nsolid-gpg@nodesource.com>", "NSolid")]
    [InlineData("Docker <support@docker.com>", "Docker")]
    [InlineData(".NET Core Team <dotnetpackages@dotnetfoundation.org>", ".NET Core Team")]
    [InlineData(".NET Team <dotnet@microsoft.com>", ".NET Team")]
    [InlineData("Google Cloud CLI Authors <https://code.google.com/p/google-cloud-sdk/>", "Google Cloud CLI Authors")]
    [InlineData("Kubernetes Authors <kubernetes-dev+release@googlegroups.com>", "Kubernetes Authors")]
    [InlineData("Kubernetes Authors <dev@kubernetes.io>", "Kubernetes Authors")]
    [InlineData("cudatools <cudatools@nvidia.com>", "cudatools")]
    [InlineData("MySQL Release Engineering <mysql-build@oss.oracle.com>", "MySQL Release Engineering")]
    [InlineData("NGINX Packaging <nginx-packaging@f5.com>", "NGINX Packaging")]
    [InlineData("Elasticsearch Team <info@elastic.co>", "Elasticsearch Team")]
    [InlineData("Datadog Packages <package@datadoghq.com>", "Datadog Packages")]
    [InlineData("MariaDB Developers <developers@lists.mariadb.org>", "MariaDB Developers")]
    [InlineData("MongoDB Packaging <packaging@mongodb.com>", "MongoDB Packaging")]
    [InlineData("contact@grafana.com", "contact@grafana.com")]
    [InlineData("GitHub", "GitHub")]
    [InlineData("HashiCorp", "HashiCorp")]
    [InlineData(" hashicorp <HELLO@HASHICORP.COM> ", "hashicorp")]
    public void AreKnownByTheirNameOrAddress(string maintainer, string name) => Assert.Equal(name, DebPublishers.NameOf(maintainer));

    // All but the last ones maintain packages in Debian or Ubuntu.
    [Theory]
    [InlineData("Ubuntu Developers <ubuntu-devel-discuss@lists.ubuntu.com>")]
    [InlineData("Debian PostgreSQL Maintainers <team+postgresql@tracker.debian.org>")]
    [InlineData("Docker Compose Team <team+docker-compose@tracker.debian.org>")]
    [InlineData("Debian NVIDIA Maintainers <pkg-nvidia-devel@lists.alioth.debian.org>")]
    [InlineData("Alex Doyle <adoyle@nvidia.com>")]
    [InlineData("Brandon Weeks <bweeks@google.com>")]
    [InlineData("Ondřej Surý <ondrej@debian.org>")]
    [InlineData("Somebody <somebody@notdocker.com>")]
    [InlineData("docker.com")]
    [InlineData("<>")]
    [InlineData("")]
    [InlineData(null)]
    public void AreNotThoseWhoMaintainForADistribution(string? maintainer) => Assert.Null(DebPublishers.NameOf(maintainer));
}
