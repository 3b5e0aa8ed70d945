using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Results;

namespace ImageScan.Core.Storage;

/// <summary>
/// The tokens that were given out, a row each under its id: finding one is one point read. Every method throws <see cref="StorageException"/> if
/// storage fails.
/// </summary>
public sealed class ApiTokenStore(StorageAccount account)
{
    private const string Hash = "Hash";
    private const string IsRevoked = "IsRevoked";

    /// <summary>Keeps a new token with the sha256 of its secret.</summary>
    public async Task AddAsync(ApiToken token, byte[] hash, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.ApiTokens, cancellationToken);
        await table.AddEntityAsync(
            new TableEntity(PartitionOf(token.Kind), KeyOf(token.Id))
            {
                [Hash] = hash,
                ["Name"] = token.Name,
                ["Roles"] = string.Join('\n', token.Roles),
                ["IssuedAt"] = token.IssuedAt.UtcTicks,
                ["ExpiresAt"] = token.ExpiresAt.UtcTicks,
                [IsRevoked] = token.IsRevoked,
                ["Holder"] = token.Holder,
            },
            cancellationToken);
    }

    /// <summary>The token with this id, and the sha256 of its secret; null if there is none.</summary>
    public async Task<(ApiToken Token, byte[] Hash)?> FindAsync(ApiTokenKind kind, Guid id, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.ApiTokens, cancellationToken);
        NullableResponse<TableEntity> row = await table.GetEntityIfExistsAsync<TableEntity>(PartitionOf(kind), KeyOf(id), cancellationToken: cancellationToken);
        return row.HasValue ? (TokenOf(row.Value!), row.Value!.GetBinary(Hash) ?? new byte[SHA256.HashSizeInBytes]) : null;
    }

    /// <summary>All generated tokens, also revoked ones and those whose time is over, until the sweep takes them; in no order.</summary>
    public async Task<IReadOnlyList<ApiToken>> ListAsync(CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.ApiTokens, cancellationToken);
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {PartitionOf(ApiTokenKind.Generated)}");
        var tokens = new List<ApiToken>();
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            tokens.Add(TokenOf(row));
        }

        return tokens;
    }

    /// <summary>Takes the worth of a generated token; false if there is none with this id.</summary>
    public async Task<bool> RevokeAsync(Guid id, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.ApiTokens, cancellationToken);
        try
        {
            // Nothing else of a row ever changes, so no writer can be overwritten.
            await table.UpdateEntityAsync(
                new TableEntity(PartitionOf(ApiTokenKind.Generated), KeyOf(id)) { [IsRevoked] = true }, ETag.All, TableUpdateMode.Merge, cancellationToken);
            return true;
        }
        catch (RequestFailedException gone) when (gone.Status == 404)
        {
            return false;
        }
    }

    internal static string PartitionOf(ApiTokenKind kind) => kind == ApiTokenKind.Generated ? "generated" : "exchanged";

    private static string KeyOf(Guid id) => id.ToString("D");

    private static ApiToken TokenOf(TableEntity row) => new(
        Guid.Parse(row.RowKey),
        row.PartitionKey == PartitionOf(ApiTokenKind.Generated) ? ApiTokenKind.Generated : ApiTokenKind.Exchanged,
        row.GetString("Name") ?? "",
        (row.GetString("Roles") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries),
        new DateTimeOffset(row.GetInt64("IssuedAt") ?? 0, TimeSpan.Zero),
        new DateTimeOffset(row.GetInt64("ExpiresAt") ?? 0, TimeSpan.Zero))
    {
        IsRevoked = row.GetBoolean(IsRevoked) ?? true,
        Holder = row.GetString("Holder") ?? "",
    };
}
