using AfirGen.Api.Backup;
using AfirGen.Api.Durability;
using MySqlConnector;

namespace AfirGen.Api.Doctor;

/// <summary>
/// The commands that mend, as they are typed where the deployment is: around the containers of docker-compose.yaml when it runs in one, else on
/// the machine itself.
/// </summary>
/// <param name="inContainer">This is said by the image of .NET, <c>DOTNET_RUNNING_IN_CONTAINER</c>, or by who names a container.</param>
internal sealed class Mending(Deployment deployment, bool inContainer)
{
    private const string ComposeService = "fir_pipeline";
    private const int ServiceAccount = 1654; // of the image

    // Through docker-compose, which knows what this deployment's containers are called: a second one may lie on the same machine.
    private const string Exec = $"docker-compose exec {ComposeService}";

    // In the container it is mounted read-only, from this file of the machine.
    private const string BackupKeyOfMachine = "${AFIRGEN_BACKUP_KEY_FILE:-./backup.key}";
    private const string Copy = "THE/COPY/IN/A/SAFE/PLACE";

    public bool InContainer => inContainer;

    public string StartService => inContainer ? $"docker-compose up -d {ComposeService}" : "./run.sh";

    /// <summary>The start migrates, sets what belongs to a connection, and finishes what was begun.</summary>
    public string RestartService =>
        inContainer
            ? $"docker-compose restart {ComposeService}"
            : $"kill -TERM $(sed -n 's/^pid \\([0-9]*\\) .*/\\1/p' {Quote(Path.Combine(deployment.Folder.Path, DataFolder.MarkerName))}); ./run.sh";

    public const string RecreateService = $"docker-compose up -d --force-recreate {ComposeService}";

    public string StartMySql => inContainer ? "docker-compose up -d mysql" : "systemctl start mysql";

    /// <summary>With the flags of its command line, which have to be the right ones.</summary>
    /// <param name="remedy">What the command line needs, in words.</param>
    public string RestartMySql(string remedy) =>
        (inContainer ? "docker-compose up -d --force-recreate mysql" : "systemctl restart mysql") + $"   # {remedy}";

    /// <summary>A statement, typed by root.</summary>
    public string Sql(string statement)
    {
        if (inContainer)
        {
            return $"docker-compose exec mysql mysql -u root -p {Database()}-e {Quote(statement)}";
        }

        var server = new MySqlConnectionStringBuilder(deployment.Firdb!);
        return $"mysql -h {server.Server} -P {server.Port} -u root -p {Database()}-e {Quote(statement)}";
    }

    /// <summary>A command of this executable.</summary>
    public string Afirgen(string command) => inContainer ? $"{Exec} dotnet AfirGen.Api.dll {command}" : $"dotnet AfirGen.Api.dll {command}";

    /// <summary>The same of one that wants the service stopped.</summary>
    public string AfirgenAlone(string command) =>
        inContainer
            ? $"docker-compose stop {ComposeService} && docker-compose run --rm --no-deps {ComposeService} {command}"
            : $"dotnet AfirGen.Api.dll {command}";

    /// <summary>A command on files of the service's own.</summary>
    public string OnFiles(string command) => inContainer ? $"{Exec} {command}" : command;

    /// <summary>The same with the right to give files away, which the service's account has not.</summary>
    public string OnFilesAsRoot(string command) =>
        inContainer ? $"docker-compose exec --privileged -u root {ComposeService} {command}" : $"sudo {command}";

    /// <summary>Of a file of the data folder, whole or not at all. Also while the service fails at each start, when nobody gets into its container.</summary>
    public string PutBack(string file) =>
        inContainer
            ? $"docker-compose run --rm -T --no-deps --entrypoint sh {ComposeService} -c "
                + $"'umask 077; cat >{Quote(file)}.new && mv {Quote(file)}.new {Quote(file)}' <{Copy}"
            : $"cp {Copy} {Quote(file)}";

    /// <summary>A command of root's on the backup key.</summary>
    public string OnBackupKey(string command, string file) =>
        inContainer ? $"{command} {BackupKeyOfMachine} && {RecreateService}" : OnFilesAsRoot($"{command} {Quote(file)}");

    public string PutBackBackupKey(string file) =>
        inContainer
            ? $"install -m 0400 -o {ServiceAccount} -g {ServiceAccount} {Copy} {BackupKeyOfMachine} && {RecreateService}"
            : $"cp {Copy} {Quote(file)}";

    public string NewBackupKey(string file) =>
        inContainer ? "deploy/new-env.sh --missing" : $"openssl rand -hex {BackupKey.KeyBytes} > {Quote(file)}";

    /// <summary>Where a folder of the service's is on the machine, which a volume may have anywhere.</summary>
    public string OnMachine(string folder) =>
        inContainer
            ? $"\"$(docker inspect -f '{{{{range .Mounts}}}}{{{{if eq .Destination \"{folder}\"}}}}{{{{.Source}}}}{{{{end}}}}{{{{end}}}}' "
                + $"\"$(docker-compose ps -aq {ComposeService})\")\""
            : Quote(folder);

    /// <summary>Shows which processes have an SQLite file open; the image has no fuser.</summary>
    public string WhoReads(string store) =>
        inContainer ? $"{Exec} sh -c 'grep -ls {Quote(store)} /proc/[0-9]*/maps'" : $"fuser -v {Quote(store)}";

    /// <summary>A setting, and that the service takes it over.</summary>
    public string Set(string name, string value) =>
        inContainer
            ? $"docker-compose.yaml, environment of {ComposeService}: {name}: {value}; then docker-compose up -d"
            : $"export {name}={value}, and start the service anew";

    /// <summary>A request with the operator's key. Where a container is published only docker-compose knows: another deployment may have the usual port.</summary>
    public string Curl(Uri service, string path, string options = "")
    {
        var address = inContainer
            ? $"\"http://$(docker-compose port {ComposeService} {service.Port}){path}\""
            : $"{new Uri(service, path)}";
        var key = inContainer ? "$(sed -n 's/^AFIRGEN_API_KEY=//p' .env)" : "$KEY";
        return $"curl {options}{address}" + (deployment.Key is null ? "" : $" -H \"X-API-Key: {key}\"");
    }

    /// <summary>Where a clock is mended: containers have that of their machine.</summary>
    public static string OnTheMachines => "on this machine, and on MySQL's";

    /// <summary>For a shell: as it is where it can be, else in quotes.</summary>
    public static string Quote(string text)
    {
        if (text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || "/._-+:=@%".Contains(c, StringComparison.Ordinal)))
        {
            return text;
        }

        return text.AsSpan().IndexOfAny("\"\\$`!") < 0 ? $"\"{text}\"" : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }

    private string Database() => new MySqlConnectionStringBuilder(deployment.Firdb!).Database is { Length: > 0 } name ? name + " " : "";
}
