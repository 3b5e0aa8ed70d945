using System.Text.Json;
using ImageScan.Core.Vulnerabilities;
using Microsoft.Data.Sqlite;

namespace ImageScan.Benchmarks;

/// <summary>The yardstick of snapshots: a plain SQLite table of the same records, JSON by ecosystem and package.</summary>
internal sealed class AdvisoryTable : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _find;

    private AdvisoryTable(SqliteConnection connection)
    {
        _connection = connection;
        _find = connection.CreateCommand();
        _find.CommandText = "SELECT json FROM advisories WHERE ecosystem = $ecosystem AND package = $package";
        _find.Parameters.Add("$ecosystem", SqliteType.Text);
        _find.Parameters.Add("$package", SqliteType.Text);
    }

    public static AdvisoryTable Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        return new AdvisoryTable(connection);
    }

    public static async Task BuildAsync(string path, int times)
    {
        File.Delete(path);
        await using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        Run(connection, "PRAGMA journal_mode = OFF");
        Run(connection, "PRAGMA synchronous = OFF");
        Run(connection, "CREATE TABLE advisories (ecosystem TEXT, package TEXT, json BLOB)");
        Run(connection, "CREATE TABLE cves (id TEXT PRIMARY KEY, json BLOB) WITHOUT ROWID");
        await using var transaction = connection.BeginTransaction();
        await using SqliteCommand advisory = Insert(connection, "INSERT INTO advisories VALUES ($1, $2, $3)", 3);
        await using SqliteCommand cve = Insert(connection, "INSERT OR REPLACE INTO cves VALUES ($1, $2)", 2);
        await foreach (FeedRecord record in AdvisoryRecords.ReadAsync(times))
        {
            switch (record)
            {
                case Advisory { Withdrawn: null } said:
                    foreach (AffectedPackage package in said.Affected)
                    {
                        advisory.Parameters[0].Value = package.Ecosystem.ToString();
                        advisory.Parameters[1].Value = package.Ecosystem.Normalize(package.Name);
                        advisory.Parameters[2].Value = JsonSerializer.SerializeToUtf8Bytes(said with { Affected = [package] });
                        advisory.ExecuteNonQuery();
                    }

                    break;
                case CveMetadata known:
                    cve.Parameters[0].Value = known.Id;
                    cve.Parameters[1].Value = JsonSerializer.SerializeToUtf8Bytes(new { known.PublishedOn, known.LastModified, V3 = known.Scores.V3?.Vector });
                    cve.ExecuteNonQuery();
                    break;
                default:
                    break;
            }
        }

        transaction.Commit();
        Run(connection, "CREATE INDEX byPackage ON advisories (ecosystem, package)");
    }

    /// <summary>How many records are about a package, each parsed.</summary>
    public int Find(string ecosystem, string package)
    {
        _find.Parameters[0].Value = ecosystem;
        _find.Parameters[1].Value = package;
        using SqliteDataReader rows = _find.ExecuteReader();
        int found = 0;
        while (rows.Read())
        {
            using var json = JsonDocument.Parse(rows.GetFieldValue<byte[]>(0));
            found += json.RootElement.TryGetProperty("Affected", out _) ? 1 : 0;
        }

        return found;
    }

    public void Dispose()
    {
        _find.Dispose();
        _connection.Dispose();
    }

    private static void Run(SqliteConnection connection, string text)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Constant texts of this file.
        command.CommandText = text;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Insert(SqliteConnection connection, string text, int parameters)
    {
        SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Constant texts of this file.
        command.CommandText = text;
#pragma warning restore CA2100
        for (int i = 1; i <= parameters; i++)
        {
            command.Parameters.AddWithValue($"${i}", "");
        }

        return command;
    }
}
