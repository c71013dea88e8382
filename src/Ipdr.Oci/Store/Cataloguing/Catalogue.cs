using System.Collections.Concurrent;
using Ipdr.Oci.Staging;
using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.Store.Cataloguing;

/// <summary>The SQLite file that knows what is in the store. Any number of readers, one writer at a time, in this process and in others.</summary>
internal sealed class Catalogue : IDisposable
{
    private readonly string _path;
    private readonly ConcurrentBag<CatalogueConnection> _idle = [];

    // Writers of this process wait here, where waiting costs nothing, rather than in SQLite, which polls.
    private readonly SemaphoreSlim _writing = new(1, 1);
    private int _batches;

    public Catalogue(string path)
    {
        _path = path;
        Guard(connection =>
        {
            CatalogueSchema.Migrate(connection, path);
            return true;
        });
    }

    /// <summary>Asks something. What is read within one query is consistent.</summary>
    public T Read<T>(Func<CatalogueConnection, T> query) => Guard(query);

    /// <summary>Changes something, all of it or nothing. While <paramref name="change"/> runs no other process changes anything.</summary>
    public async Task<T> WriteAsync<T>(Func<CatalogueConnection, T> change, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return Guard(connection => connection.InTransaction(() => change(connection), isDurable: Volatile.Read(ref _batches) == 0));
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Action<CatalogueConnection> change, CancellationToken cancellationToken) => WriteAsync(connection =>
    {
        change(connection);
        return true;
    }, cancellationToken);

    /// <summary>From now on a change is written, and not waited for until it is on the disk.</summary>
    public void EnterBatch() => Interlocked.Increment(ref _batches);

    /// <summary>Ends that, and waits for all changes so far.</summary>
    /// <exception cref="Faults.IpdrException">The volume is full or fails.</exception>
    public void LeaveBatch()
    {
        Interlocked.Decrement(ref _batches);
        // Changes that are not in this file were brought to the catalogue itself, and SQLite has waited for them.
        string log = _path + "-wal";
        DestinationIo.Guard(log, () =>
        {
            try
            {
                using SafeFileHandle file = File.OpenHandle(log, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
                RandomAccess.FlushToDisk(file);
            }
            catch (FileNotFoundException)
            {
                // The last of the others has closed the catalogue.
            }
        });
    }

    public void Dispose()
    {
        while (_idle.TryTake(out CatalogueConnection? connection))
            connection.Dispose();
        _writing.Dispose();
    }

    private T Guard<T>(Func<CatalogueConnection, T> work)
    {
        try
        {
            if (!_idle.TryTake(out CatalogueConnection? connection))
                connection = new CatalogueConnection(_path);
            bool sound = false;
            try
            {
                T result = work(connection);
                sound = true;
                return result;
            }
            finally
            {
                // After a failure its state is not known: the next one opens anew.
                if (sound)
                    _idle.Add(connection);
                else
                    connection.Dispose();
            }
        }
        catch (SqliteException e)
        {
            throw CatalogueFaults.Explain(e, _path);
        }
    }
}
