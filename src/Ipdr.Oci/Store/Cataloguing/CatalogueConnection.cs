using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Ipdr.Oci.Store.Cataloguing;

/// <summary>One connection to the catalogue and the statements that were prepared on it. Not safe for several threads.</summary>
internal sealed class CatalogueConnection : IDisposable
{
    // How long a statement waits for another process before it fails: a collection of a large store holds the lock for seconds.
    private const int BusyMilliseconds = 60_000;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _statements = [];
    private bool _isDurable = true;

    private CatalogueConnection(string source, SqliteOpenMode mode, string pragmas)
    {
        // The bundle's initialiser names the native library that the provider calls; calling it again does nothing.
        SQLitePCL.Batteries_V2.Init();
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = source,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = BusyMilliseconds / 1000,
        }.ToString());
        try
        {
            _connection.Open();
            Run($"PRAGMA busy_timeout = {BusyMilliseconds}; {pragmas}");
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens the file to read and write; it is made if it is not there.</summary>
    // FULL: what a client was told to be stored outlives a power failure.
    public static CatalogueConnection ToWrite(string path) =>
        new(path, SqliteOpenMode.ReadWriteCreate, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");

    /// <summary>Opens the file, which another process may be writing, to read it without leave to write.</summary>
    /// <param name="path">The file.</param>
    /// <param name="state">How the file is now.</param>
    public static CatalogueConnection ToRead(string path, CatalogueState state) => state.HasLog
        ? new CatalogueConnection(path, SqliteOpenMode.ReadOnly, "")
        // Without a log SQLite would have to make one, unless it is told that nobody writes.
        : new CatalogueConnection($"file://{Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal)}?immutable=1", SqliteOpenMode.ReadOnly, "") { ValidFor = state };

    /// <summary>The only state of the file that this connection may be used with; null when it follows what others write.</summary>
    public CatalogueState? ValidFor { get; private init; }

    /// <summary>Whether the file can only be read here.</summary>
    public bool IsReadOnly => SQLitePCL.raw.sqlite3_db_readonly(_connection.Handle, "main") == 1;

    /// <summary>Runs statements that give nothing back.</summary>
    public void Run(string sql)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Runs a prepared statement whose parameters are <c>$1</c>, <c>$2</c> … and returns the number of rows that it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteNonQuery();

    /// <summary>The first row, read; <c>default</c> when there is none.</summary>
    public T? First<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        using SqliteDataReader reader = Bind(sql, values).ExecuteReader();
        return reader.Read() ? read(reader) : default;
    }

    /// <summary>All rows, read.</summary>
    public List<T> All<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        List<T> rows = [];
        using SqliteDataReader reader = Bind(sql, values).ExecuteReader();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>Does the work with the write lock held from the start; a failure leaves no trace.</summary>
    /// <param name="work">The work.</param>
    /// <param name="isDurable">Wait until it would outlive a power failure. Without that one may take the last changes back; the catalogue stays sound.</param>
    public T InTransaction<T>(Func<T> work, bool isDurable)
    {
        if (isDurable != _isDurable)
            Run($"PRAGMA synchronous = {(isDurable ? "FULL" : "NORMAL")}");
        _isDurable = isDurable;
        return Between("BEGIN IMMEDIATE", work);
    }

    /// <summary>Asks several things of one state of the catalogue, whatever others change meanwhile. Nobody is kept waiting by it.</summary>
    public T InSnapshot<T>(Func<T> queries) => Between("BEGIN", queries);

    public void Dispose()
    {
        foreach (SqliteCommand statement in _statements.Values)
            statement.Dispose();
        _connection.Dispose();
    }

    private T Between<T>(string begin, Func<T> work)
    {
        Execute(begin);
        bool done = false;
        try
        {
            T result = work();
            Execute("COMMIT");
            done = true;
            return result;
        }
        finally
        {
            if (!done)
                RollBack();
        }
    }

    // A full disk has rolled back already, and then there is nothing to roll back.
    private void RollBack()
    {
        try
        {
            Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // What brought us here is on its way to the caller; it says more.
        }
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> values)
    {
        if (!_statements.TryGetValue(sql, out SqliteCommand? statement))
        {
            statement = _connection.CreateCommand();
            statement.CommandText = sql;
            for (int i = 0; i < values.Length; i++)
                statement.Parameters.Add(new SqliteParameter { ParameterName = string.Create(CultureInfo.InvariantCulture, $"${i + 1}") });
            _statements.Add(sql, statement);
        }
        for (int i = 0; i < values.Length; i++)
            statement.Parameters[i].Value = values[i] ?? DBNull.Value;
        return statement;
    }
}
