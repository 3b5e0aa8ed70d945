# Sourced by build.sh: layers of other ecosystems than Debian's.

# What dpkg shall not know of: the packages' files below a folder of their own.
unpack_into() {
    local folder=$1 debs
    shift
    debs=$(downloaded "$@")
    mkdir -p "$folder"
    for deb in $debs; do
        dpkg-deb --fsys-tarfile "$deb" | tar -x --no-same-owner -C "$folder"
    done
}

npm_install() {
    local folder=$1
    shift
    mkdir -p "$folder"
    echo '{"name":"bench-app","version":"1.0.0","private":true}' > "$folder/package.json"
    npm install --silent --ignore-scripts --no-audit --no-fund --legacy-peer-deps --prefix "$folder" "$@" >&2
}

add_npm() {
    begin_layer
    npm_install "$tree/srv/web" react-scripts@5.0.1 webpack@5.89.0 typescript@5.2.2
    npm_install "$tree/srv/api" express@4.17.1 lodash@4.17.15 minimist@1.2.0 @grpc/grpc-js@1.8.0 aws-sdk@2.1400.0 pg@8.11.0 next@12.3.4
    end_layer "RUN npm install"
}

# Wheels, and packages of Debian's as if pip had installed them.
add_python() {
    begin_layer
    local site="$tree/usr/local/lib/python3.11/site-packages"
    mkdir -p "$site"
    unpack_into "$work/wheels" python3-pip-whl python3-setuptools-whl
    for wheel in "$work"/wheels/usr/share/python-wheels/*.whl; do
        unzip -q -o "$wheel" -d "$site"
    done

    unpack_into "$work/python" python3-django python3-sqlalchemy python3-pil python3-numpy python3-lxml python3-aiohttp python3-celery
    cp -a "$work"/python/usr/lib/python3/dist-packages/. "$site"
    end_layer "RUN pip install -r requirements.txt"
}

# Loose jars, a war that carries some, and a jar into which others are shaded.
add_java() {
    begin_layer
    local jars="$work/java/usr/share/java"
    unpack_into "$work/java" libtomcat9-java libspring-core-java libspring-beans-java libspring-context-java libspring-web-java \
        liblog4j2-java libcommons-collections3-java libcommons-fileupload-java libjackson2-databind-java libjackson2-core-java \
        libguava-java libhibernate-validator-java libmaven3-core-java libgradle-core-java groovy \
        libbcprov-java libnetty-java libxalan2-java libmariadb-java
    mkdir -p "$tree/opt/java/lib" "$work/war/WEB-INF/lib" "$work/shaded"
    find "$work/java" -name '*.jar' -type f -exec cp {} "$tree/opt/java/lib" \;
    find "$jars" -name '*.jar' -type f | sort | sed -n 1,20p | xargs -I JAR cp JAR "$work/war/WEB-INF/lib"
    (cd "$work/war" && find . -exec touch -d @1700000000 {} + && zip -q -X -r "$tree/opt/java/application.war" $(find . -type f | sort))
    find "$jars" -name '*.jar' -type f | sort | sed -n 1,6p | while read -r jar; do unzip -q -o "$jar" -d "$work/shaded"; done
    (cd "$work/shaded" && find . -exec touch -d @1700000000 {} + && zip -q -X -r "$tree/opt/java/shaded-1.0.jar" $(find . -type f | sort))
    end_layer "COPY target/*.jar /opt/java/"
}

# As if bundler had installed them.
add_gems() {
    begin_layer
    local gems="$tree/usr/local/bundle"
    unpack_into "$work/ruby" ruby-rails ruby-actionpack ruby-activesupport ruby-activerecord ruby-sinatra ruby-loofah ruby-i18n ruby-tzinfo puma ruby-redis \
        ruby-pg
    mkdir -p "$gems"
    (cd "$work/ruby/usr/share" && find rubygems-integration -name '*.gemspec') | while read -r gemspec; do
        mkdir -p "$gems/specifications"
        cp "$work/ruby/usr/share/$gemspec" "$gems/specifications"
    done

    cp -a "$work/ruby/usr/lib/ruby" "$gems/lib"
    end_layer "RUN bundle install"
}

# A published program of the usual packages, a self-contained one where the feed has the runtime, and the shared frameworks.
add_dotnet() {
    begin_layer
    local project="$work/dotnet/Shop"
    mkdir -p "$project" "$tree/usr/share/dotnet"
    cat > "$project/Shop.csproj" << 'END'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Deterministic>true</Deterministic>
    <PathMap>$(MSBuildProjectDirectory)=/src</PathMap>
    <DebugType>none</DebugType>
    <UseAppHost>false</UseAppHost>
    <NoWarn>$(NoWarn);NU1603;NU1901;NU1902;NU1903;NU1904</NoWarn>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Dapper" Version="2.1.86" />
    <PackageReference Include="FluentValidation" Version="12.2.0" />
    <PackageReference Include="Microsoft.Data.SqlClient" Version="7.1.1" />
    <PackageReference Include="Microsoft.EntityFrameworkCore.Sqlite" Version="10.0.15" />
    <PackageReference Include="Newtonsoft.Json" Version="13.0.4" />
    <PackageReference Include="NLog" Version="6.2.2" />
    <PackageReference Include="Npgsql" Version="10.0.3" />
    <PackageReference Include="Polly" Version="8.9.1" />
    <PackageReference Include="Serilog.AspNetCore" Version="10.0.0" />
    <PackageReference Include="SkiaSharp" Version="4.155.0" />
    <PackageReference Include="StackExchange.Redis" Version="3.4.35" />
  </ItemGroup>
</Project>
END
    echo 'System.Console.WriteLine("shop");' > "$project/Program.cs"
    printf '<Project />' > "$project/Directory.Build.props"
    cp "$project/Directory.Build.props" "$project/Directory.Packages.props"
    dotnet publish "$project" -c Release -r linux-x64 --self-contained false -o "$tree/srv/shop" -v q --nologo -nodeReuse:false >&2
    local root
    root=$(dotnet --list-runtimes | sed -n 's,^Microsoft.NETCore.App .*\[\(.*\)/shared/.*\]$,\1,p' | sed -n 1p)
    cp -a "$root/dotnet" "$root/host" "$root/shared" "$tree/usr/share/dotnet"
    end_layer "COPY --from=build /publish /srv/shop"
}

# Programs with what they are made of written into them: Go's build information, and what cargo-auditable leaves.
add_binaries() {
    begin_layer
    npm_install "$work/binaries" esbuild@0.19.0 esbuild-linux-64@0.14.0 @esbuild/linux-arm64@0.19.0 --force
    mkdir -p "$tree/usr/local/bin"
    cp "$work/binaries/node_modules/@esbuild/linux-x64/bin/esbuild" "$tree/usr/local/bin/esbuild"
    cp "$work/binaries/node_modules/esbuild-linux-64/bin/esbuild" "$tree/usr/local/bin/esbuild-0.14"
    cp "$work/binaries/node_modules/@esbuild/linux-arm64/bin/esbuild" "$tree/usr/local/bin/esbuild-arm64"
    unpack_into "$work/rust" ripgrep
    node -e 'const packages = JSON.parse(process.argv[1]).map(([name, version]) => ({ name, version, source: "crates.io" }));
        packages[0].root = true; packages[0].source = "local";
        process.stdout.write(require("zlib").deflateSync(JSON.stringify({ packages })));' \
        '[["ripgrep","13.0.0"],["aho-corasick","0.7.19"],["memchr","2.5.0"],["regex","1.6.0"],["time","0.1.43"]]' > "$work/dep-v0"
    objcopy --add-section ".dep-v0=$work/dep-v0" "$work/rust/usr/bin/rg" "$tree/usr/local/bin/rg"
    end_layer "COPY --from=build /bin/* /usr/local/bin/"
}

# Composer's record, WordPress, and the last layer's usual work: it takes away what an earlier one brought.
add_php() {
    begin_layer
    unpack_into "$work/php" wordpress composer
    mkdir -p "$tree/var/www/html/vendor/composer" "$tree/srv/api/node_modules"
    cp -a "$work"/php/usr/share/wordpress/. "$tree/var/www/html"
    node -e 'const names = JSON.parse(process.argv[1]);
        const packages = names.map(([name, version, license]) => ({ name, version, version_normalized: version + ".0", type: "library", license: [license] }));
        process.stdout.write(JSON.stringify({ packages, dev: false, "dev-package-names": [] }, null, 4));' \
        '[["guzzlehttp/guzzle","7.4.0","MIT"],["monolog/monolog","2.3.5","MIT"],["symfony/http-kernel","v5.4.0","MIT"],["twig/twig","v3.3.3","BSD-3-Clause"],
        ["dompdf/dompdf","v1.0.2","LGPL-2.1"],["phpmailer/phpmailer","v6.4.0","LGPL-2.1-only"]]' > "$tree/var/www/html/vendor/composer/installed.json"
    : > "$tree/srv/api/node_modules/.wh.lodash"
    end_layer "RUN composer install && rm -r /srv/api/node_modules/lodash"
}
