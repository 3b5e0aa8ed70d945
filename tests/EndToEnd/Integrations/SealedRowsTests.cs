using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Integrations;
using ImageScan.Core.Storage;
using ImageScan.Core.Storage.Sealing;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageScan.EndToEnd.Integrations;

/// <summary>Secrets in Tables, as keys come and go.</summary>
public sealed class SealedRowsTests(SharedAzurite azurite)
{
    private const string Host = "registry.example.com";
    private readonly string _prefix = ScanApp.NewPrefix();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static SecretKey Key(string version) => new() { Version = version, Key = Convert.ToBase64String([.. Enumerable.Repeat((byte)version[0], 32)]) };

    private static ImageIntegration Wanted(string id, string name, string password) => new()
    {
        Id = id,
        Name = name,
        Type = "docker",
        Categories = [IntegrationCategory.Registry],
        Config = new DockerConfig(Host, "ann", Insecure: false),
        Secrets = new IntegrationSecrets([KeyValuePair.Create(SecretField.Password, password)]),
    };

    private Process With(params string[] versions) => new(azurite, _prefix, [.. versions.Select(Key)]);

    [Fact]
    public async Task AreReadWithTheOldKeyAndWrittenWithTheNewOne()
    {
        using Process before = With("a");
        string first = (await before.Integrations.AddAsync(Wanted("", "first", "one"), Token)).Id;
        using Process after = With("b", "a");

        string second = (await after.Integrations.AddAsync(Wanted("", "second", "two"), Token)).Id;

        Assert.Equal(["one", "two"], await after.PasswordsAsync());
        Assert.Equal(("gcm1:a", "gcm1:b"), (await after.KeyOfAsync(first), await after.KeyOfAsync(second)));

        // A change of anything seals with the new key; then the old one may go.
        await after.Integrations.ReplaceAsync(Wanted(first, "renamed", ""), SecretSource.Kept, Token);
        Assert.Equal("gcm1:b", await after.KeyOfAsync(first));
        using Process rotated = With("b");
        Assert.Equal(["one", "two"], (await rotated.PasswordsAsync()).Order());
    }

    [Fact]
    public async Task AreNotUsedAndNotLostWhileTheirKeyIsGone()
    {
        using Process before = With("a");
        string id = (await before.Integrations.AddAsync(Wanted("", "first", "one"), Token)).Id;
        using Process without = With("b");

        RegistryAccount account = Assert.Single(await without.AccountsAsync());
        var refused = await Assert.ThrowsAsync<ImageIntegrationRefusedException>(
            () => without.Integrations.ReplaceAsync(Wanted(id, "renamed", ""), SecretSource.Kept, Token));

        Assert.Null(account.Credential);
        Assert.Contains("\"first\" cannot be used", account.Problem, StringComparison.Ordinal);
        Assert.All([account.Problem, refused.Message], text =>
        {
            Assert.Contains("key \"a\"", text, StringComparison.Ordinal);
            Assert.Contains("Secrets__Keys__N__Version", text, StringComparison.Ordinal);
        });
        Assert.Contains((await without.Integrations.CurrentAsync(Token)).All, integration => integration.Name == "first");
        using Process again = With("b", "a");
        Assert.Equal(["one"], await again.PasswordsAsync());
    }

    [Fact]
    public async Task DoNotOpenInAnotherRowOrField()
    {
        using Process process = With("a");
        string first = (await process.Integrations.AddAsync(Wanted("", "first", "one"), Token)).Id;
        string second = (await process.Integrations.AddAsync(Wanted("", "second", "two"), Token)).Id;
        TableClient table = await process.TableAsync();
        TableEntity from = await table.GetEntityAsync<TableEntity>("integrations", $"integration:{first}", cancellationToken: Token);
        TableEntity to = await table.GetEntityAsync<TableEntity>("integrations", $"integration:{second}", cancellationToken: Token);
        to["SealedPassword"] = from["SealedPassword"];
        to["SealedApiKey"] = from["SealedPassword"];
        await table.UpdateEntityAsync(to, ETag.All, TableUpdateMode.Replace, Token);

        // Nor does a row that was copied as a whole count as one.
        await table.AddEntityAsync(new TableEntity(from) { RowKey = "integration:copy" }, Token);

        using Process other = With("a");
        IReadOnlyList<RegistryAccount> accounts = await other.AccountsAsync();

        Assert.Equal(["one", null], accounts.Select(account => account.Credential?.Password));
        Assert.Contains("it comes from another row", accounts[1].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoseNoUpdateWhenTwoProcessesWrite()
    {
        using Process one = With("a");
        using Process two = With("a");

        await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            (i % 2 == 0 ? one : two).Integrations.AddAsync(Wanted("", $"name {i:00}", $"password {i:00}"), Token)));

        using Process third = With("a");
        Assert.Equal(Enumerable.Range(0, 16).Select(i => $"password {i:00}"), await third.PasswordsAsync());
    }

    [Fact]
    public async Task DecideByWhatIsKeptAtTheMomentOfTheChange()
    {
        using Process one = With("a");
        string id = (await one.Integrations.AddAsync(Wanted("", "first", "one"), Token)).Id;
        ImageIntegration moved = Wanted(id, "first", "") with { Config = new DockerConfig("evil.example.com", "ann", Insecure: false) };

        var refused = await Assert.ThrowsAsync<ImageIntegrationRefusedException>(() => one.Integrations.ReplaceAsync(moved, SecretSource.Kept, Token));

        Assert.StartsWith("credentials required to update field", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["one"], await one.PasswordsAsync());
    }

    [Fact]
    public async Task KeepsNoMoreThanItHasRoomFor()
    {
        using Process process = With("a");
        TableClient table = await process.TableAsync();
        foreach (int[] chunk in Enumerable.Range(0, ImageIntegrationChecks.MaxIntegrations).Chunk(100))
        {
            await table.SubmitTransactionAsync(
                chunk.Select(i => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("integrations", $"integration:{i}") { ["Id"] = $"{i}" })), Token);
        }

        var refused = await Assert.ThrowsAsync<ImageIntegrationRefusedException>(() => process.Integrations.AddAsync(Wanted("", "one more", "one"), Token));

        Assert.Equal("at most 500 integrations are kept: invalid arguments", refused.Message);
    }

    /// <summary>What one process has of integrations.</summary>
    private sealed class Process : IDisposable
    {
        private readonly StorageAccount _account;
        private readonly ImageIntegrationStore _store;

        public Process(SharedAzurite azurite, string prefix, IReadOnlyList<SecretKey> keys)
        {
            var sealer = new SecretSealer(new SecretSettings { Keys = keys });
            _account = new StorageAccount(new StorageSettings { ConnectionString = azurite.ConnectionString, Prefix = prefix });
            _store = new ImageIntegrationStore(_account, sealer);
            Integrations = new ImageIntegrations(
                _store, new ImageIntegrationChecks([], new RegistryClientSettings()), sealer, TimeProvider.System, NullLogger<ImageIntegrations>.Instance);
        }

        public ImageIntegrations Integrations { get; }

        public Task<TableClient> TableAsync() => _account.TableAsync(TableNames.ImageIntegrations, Token);

        public Task<IReadOnlyList<RegistryAccount>> AccountsAsync() => Integrations.AccountsOfAsync(Host, "team/image", Token);

        public async Task<IEnumerable<string?>> PasswordsAsync() => (await AccountsAsync()).Select(account => account.Credential?.Password);

        public async Task<string> KeyOfAsync(string id)
        {
            TableEntity row = await (await TableAsync()).GetEntityAsync<TableEntity>("integrations", $"integration:{id}", cancellationToken: Token);
            return row.GetString("SealedPassword")[..6];
        }

        public void Dispose()
        {
            _store.Dispose();
            _account.Dispose();
        }
    }
}
