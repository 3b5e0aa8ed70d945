using System.Collections.Frozen;
using System.Globalization;

namespace ImageScan.Core.Detectors.Java;

/// <summary>
/// The groups of artifacts that are often met without a <c>pom.properties</c>, since Gradle, Ant or sbt built them, and that advisories
/// speak of (https://github.com/github/advisory-database). A name alone proves nothing, so the classes must lie in the package's own folder too.
/// </summary>
internal static class WellKnownArtifacts
{
    // File's name, coordinates, a folder of its classes; where the group changed once, the major versions that have it (first-last).
    // Coordinates as in Maven Central and in the advisories; those of Tomcat's lib folder: https://tomcat.apache.org/maven-plugin.html,
    // https://github.com/apache/tomcat/tree/main/res/maven. bootstrap.jar stands for the server as a whole, which is filed apart from its parts.
    private const string Table =
        """
        akka-actor com.typesafe.akka:akka-actor akka/actor/
        amqp-client com.rabbitmq:amqp-client com/rabbitmq/client/
        ant org.apache.ant:ant org/apache/tools/ant/
        apache-cassandra org.apache.cassandra:cassandra-all org/apache/cassandra/
        ant-launcher org.apache.ant:ant-launcher org/apache/tools/ant/launch/
        aspectjrt org.aspectj:aspectjrt org/aspectj/
        aspectjweaver org.aspectj:aspectjweaver org/aspectj/
        avro org.apache.avro:avro org/apache/avro/
        axis axis:axis org/apache/axis/
        batik-all org.apache.xmlgraphics:batik-all org/apache/batik/
        bootstrap org.apache.tomcat:tomcat org/apache/catalina/startup/
        c3p0 com.mchange:c3p0 com/mchange/v2/c3p0/
        catalina org.apache.tomcat:tomcat-catalina org/apache/catalina/
        catalina-ant org.apache.tomcat:tomcat-catalina-ant org/apache/catalina/ant/
        catalina-ha org.apache.tomcat:tomcat-catalina-ha org/apache/catalina/ha/
        catalina-ssi org.apache.tomcat:tomcat-ssi org/apache/catalina/ssi/
        catalina-storeconfig org.apache.tomcat:tomcat-storeconfig org/apache/catalina/storeconfig/
        catalina-tribes org.apache.tomcat:tomcat-tribes org/apache/catalina/tribes/
        commons-beanutils commons-beanutils:commons-beanutils org/apache/commons/beanutils/
        commons-cli commons-cli:commons-cli org/apache/commons/cli/
        commons-codec commons-codec:commons-codec org/apache/commons/codec/
        commons-collections commons-collections:commons-collections org/apache/commons/collections/
        commons-collections4 org.apache.commons:commons-collections4 org/apache/commons/collections4/
        commons-compress org.apache.commons:commons-compress org/apache/commons/compress/
        commons-configuration commons-configuration:commons-configuration org/apache/commons/configuration/
        commons-configuration2 org.apache.commons:commons-configuration2 org/apache/commons/configuration2/
        commons-dbcp commons-dbcp:commons-dbcp org/apache/commons/dbcp/
        commons-digester commons-digester:commons-digester org/apache/commons/digester/
        commons-discovery commons-discovery:commons-discovery org/apache/commons/discovery/
        commons-email org.apache.commons:commons-email org/apache/commons/mail/
        commons-fileupload commons-fileupload:commons-fileupload org/apache/commons/fileupload/
        commons-httpclient commons-httpclient:commons-httpclient org/apache/commons/httpclient/
        commons-io commons-io:commons-io org/apache/commons/io/
        commons-jxpath commons-jxpath:commons-jxpath org/apache/commons/jxpath/
        commons-lang commons-lang:commons-lang org/apache/commons/lang/
        commons-lang3 org.apache.commons:commons-lang3 org/apache/commons/lang3/
        commons-logging commons-logging:commons-logging org/apache/commons/logging/
        commons-net commons-net:commons-net org/apache/commons/net/
        commons-pool commons-pool:commons-pool org/apache/commons/pool/
        commons-text org.apache.commons:commons-text org/apache/commons/text/
        commons-validator commons-validator:commons-validator org/apache/commons/validator/
        dnsjava dnsjava:dnsjava org/xbill/DNS/
        dom4j dom4j:dom4j org/dom4j/ 0-1
        dom4j org.dom4j:dom4j org/dom4j/ 2-
        elasticsearch org.elasticsearch:elasticsearch org/elasticsearch/
        esapi org.owasp.esapi:esapi org/owasp/esapi/
        fastjson com.alibaba:fastjson com/alibaba/fastjson/
        freemarker org.freemarker:freemarker freemarker/template/
        graphql-java com.graphql-java:graphql-java graphql/
        grpc-core io.grpc:grpc-core io/grpc/
        grpc-netty io.grpc:grpc-netty io/grpc/netty/
        grpc-protobuf io.grpc:grpc-protobuf io/grpc/protobuf/
        gson com.google.code.gson:gson com/google/gson/
        guava com.google.guava:guava com/google/common/
        h2 com.h2database:h2 org/h2/
        handlebars com.github.jknack:handlebars com/github/jknack/handlebars/
        hibernate-core org.hibernate:hibernate-core org/hibernate/ 3-5
        hibernate-core org.hibernate.orm:hibernate-core org/hibernate/ 6-
        hibernate-validator org.hibernate:hibernate-validator org/hibernate/validator/ 3-5
        hibernate-validator org.hibernate.validator:hibernate-validator org/hibernate/validator/ 6-
        hsqldb org.hsqldb:hsqldb org/hsqldb/ 2-
        hsqldb hsqldb:hsqldb org/hsqldb/ 1-1
        itext com.lowagie:itext com/lowagie/text/
        jasper org.apache.tomcat:tomcat-jasper org/apache/jasper/
        jasper-el org.apache.tomcat:tomcat-jasper-el org/apache/el/
        java-jwt com.auth0:java-jwt com/auth0/jwt/
        jdom org.jdom:jdom org/jdom/
        jdom2 org.jdom:jdom2 org/jdom2/
        jettison org.codehaus.jettison:jettison org/codehaus/jettison/
        jgroups org.jgroups:jgroups org/jgroups/
        joda-time joda-time:joda-time org/joda/time/
        jsch com.jcraft:jsch com/jcraft/jsch/
        json org.json:json org/json/
        json-path com.jayway.jsonpath:json-path com/jayway/jsonpath/
        jsoup org.jsoup:jsoup org/jsoup/
        junit junit:junit org/junit/
        kafka-clients org.apache.kafka:kafka-clients org/apache/kafka/clients/
        kafka_2.11 org.apache.kafka:kafka_2.11 kafka/server/
        kafka_2.12 org.apache.kafka:kafka_2.12 kafka/server/
        kafka_2.13 org.apache.kafka:kafka_2.13 kafka/server/
        kotlin-stdlib org.jetbrains.kotlin:kotlin-stdlib kotlin/
        libthrift org.apache.thrift:libthrift org/apache/thrift/
        log4j log4j:log4j org/apache/log4j/ 1-1
        log4j-1.2 log4j:log4j org/apache/log4j/ 1-1
        log4j-api org.apache.logging.log4j:log4j-api org/apache/logging/log4j/
        log4j-core org.apache.logging.log4j:log4j-core org/apache/logging/log4j/core/
        lucene-core org.apache.lucene:lucene-core org/apache/lucene/
        lucene-replicator org.apache.lucene:lucene-replicator org/apache/lucene/replicator/
        mail javax.mail:mail javax/mail/
        mariadb-java-client org.mariadb.jdbc:mariadb-java-client org/mariadb/jdbc/
        micrometer-core io.micrometer:micrometer-core io/micrometer/core/
        mysql-connector-j com.mysql:mysql-connector-j com/mysql/cj/
        mysql-connector-java mysql:mysql-connector-java com/mysql/
        nekohtml net.sourceforge.nekohtml:nekohtml org/cyberneko/html/
        okhttp com.squareup.okhttp3:okhttp okhttp3/
        okio com.squareup.okio:okio okio/
        okio-jvm com.squareup.okio:okio-jvm okio/
        opensearch org.opensearch:opensearch org/opensearch/
        poi org.apache.poi:poi org/apache/poi/
        poi-ooxml org.apache.poi:poi-ooxml org/apache/poi/
        poi-scratchpad org.apache.poi:poi-scratchpad org/apache/poi/
        postgresql org.postgresql:postgresql org/postgresql/
        quartz org.quartz-scheduler:quartz org/quartz/
        reactor-core io.projectreactor:reactor-core reactor/core/
        reactor-netty io.projectreactor.netty:reactor-netty reactor/netty/
        reactor-netty-http io.projectreactor.netty:reactor-netty-http reactor/netty/http/
        rhino org.mozilla:rhino org/mozilla/javascript/
        serializer xalan:serializer org/apache/xml/serializer/
        snakeyaml org.yaml:snakeyaml org/yaml/snakeyaml/
        snappy-java org.xerial.snappy:snappy-java org/xerial/snappy/
        solr-core org.apache.solr:solr-core org/apache/solr/
        spring-aop org.springframework:spring-aop org/springframework/aop/
        spring-beans org.springframework:spring-beans org/springframework/beans/
        spring-boot org.springframework.boot:spring-boot org/springframework/boot/
        spring-boot-actuator org.springframework.boot:spring-boot-actuator org/springframework/boot/actuate/
        spring-boot-actuator-autoconfigure org.springframework.boot:spring-boot-actuator-autoconfigure org/springframework/boot/actuate/
        spring-boot-autoconfigure org.springframework.boot:spring-boot-autoconfigure org/springframework/boot/autoconfigure/
        spring-boot-devtools org.springframework.boot:spring-boot-devtools org/springframework/boot/devtools/
        spring-boot-loader org.springframework.boot:spring-boot-loader org/springframework/boot/loader/
        spring-context org.springframework:spring-context org/springframework/context/
        spring-context-support org.springframework:spring-context-support org/springframework/
        spring-core org.springframework:spring-core org/springframework/core/
        spring-expression org.springframework:spring-expression org/springframework/expression/
        spring-integration-core org.springframework.integration:spring-integration-core org/springframework/integration/
        spring-jdbc org.springframework:spring-jdbc org/springframework/jdbc/
        spring-jms org.springframework:spring-jms org/springframework/jms/
        spring-kafka org.springframework.kafka:spring-kafka org/springframework/kafka/
        spring-messaging org.springframework:spring-messaging org/springframework/messaging/
        spring-orm org.springframework:spring-orm org/springframework/orm/
        spring-oxm org.springframework:spring-oxm org/springframework/oxm/
        spring-security-config org.springframework.security:spring-security-config org/springframework/security/config/
        spring-security-core org.springframework.security:spring-security-core org/springframework/security/
        spring-security-crypto org.springframework.security:spring-security-crypto org/springframework/security/crypto/
        spring-security-ldap org.springframework.security:spring-security-ldap org/springframework/security/ldap/
        spring-security-oauth2-client org.springframework.security:spring-security-oauth2-client org/springframework/security/oauth2/
        spring-security-oauth2-core org.springframework.security:spring-security-oauth2-core org/springframework/security/oauth2/
        spring-security-web org.springframework.security:spring-security-web org/springframework/security/web/
        spring-test org.springframework:spring-test org/springframework/
        spring-tx org.springframework:spring-tx org/springframework/transaction/
        spring-web org.springframework:spring-web org/springframework/web/
        spring-webflux org.springframework:spring-webflux org/springframework/web/reactive/
        spring-webmvc org.springframework:spring-webmvc org/springframework/web/servlet/
        spring-websocket org.springframework:spring-websocket org/springframework/web/socket/
        struts struts:struts org/apache/struts/ 1-1
        struts2-core org.apache.struts:struts2-core org/apache/struts2/
        testng org.testng:testng org/testng/
        tomcat-api org.apache.tomcat:tomcat-api org/apache/tomcat/
        tomcat-coyote org.apache.tomcat:tomcat-coyote org/apache/coyote/
        tomcat-dbcp org.apache.tomcat:tomcat-dbcp org/apache/tomcat/dbcp/
        tomcat-embed-core org.apache.tomcat.embed:tomcat-embed-core org/apache/catalina/
        tomcat-embed-el org.apache.tomcat.embed:tomcat-embed-el org/apache/el/
        tomcat-embed-jasper org.apache.tomcat.embed:tomcat-embed-jasper org/apache/jasper/
        tomcat-embed-websocket org.apache.tomcat.embed:tomcat-embed-websocket org/apache/tomcat/websocket/
        tomcat-jdbc org.apache.tomcat:tomcat-jdbc org/apache/tomcat/jdbc/
        tomcat-jni org.apache.tomcat:tomcat-jni org/apache/tomcat/jni/
        tomcat-juli org.apache.tomcat:tomcat-juli org/apache/juli/
        tomcat-util org.apache.tomcat:tomcat-util org/apache/tomcat/util/
        tomcat-util-scan org.apache.tomcat:tomcat-util-scan org/apache/tomcat/util/
        tomcat-websocket org.apache.tomcat:tomcat-websocket org/apache/tomcat/websocket/
        velocity org.apache.velocity:velocity org/apache/velocity/
        woodstox-core com.fasterxml.woodstox:woodstox-core com/ctc/wstx/
        xalan xalan:xalan org/apache/xalan/
        xercesImpl xerces:xercesImpl org/apache/xerces/
        xstream com.thoughtworks.xstream:xstream com/thoughtworks/xstream/
        zookeeper org.apache.zookeeper:zookeeper org/apache/zookeeper/
        """;

    private static readonly FrozenDictionary<string, Row[]> Rows = Table.Split('\n')
        .Select(Row.Of)
        .GroupBy(row => row.FileName, StringComparer.Ordinal)
        .ToFrozenDictionary(rows => rows.Key, rows => rows.ToArray(), StringComparer.Ordinal);

    /// <summary>The coordinates of the artifact with this name; null if the table lacks it or its classes are not there.</summary>
    /// <param name="name">The archive's name without version.</param>
    /// <param name="version">Its version.</param>
    /// <param name="hasFolder">Whether the name of one of its members begins so.</param>
    public static Coordinates? Find(string name, string version, Func<string, bool> hasFolder)
    {
        if (!Rows.TryGetValue(name, out Row[]? rows))
        {
            return null;
        }

        int major = MajorOf(version);
        Row? row = Array.Find(rows, row => row.First <= major && major <= row.Last);
        return row is not null && hasFolder(row.Folder) ? Coordinates.Of(row.Group, row.Artifact, version) : null;
    }

    private static int MajorOf(string version)
    {
        string digits = new([.. version.TakeWhile(char.IsAsciiDigit)]);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int major) ? major : 0;
    }

    private sealed record Row(string FileName, string Group, string Artifact, string Folder, int First, int Last)
    {
        public static Row Of(string line)
        {
            string[] cells = line.Split(' ');
            string[] names = cells[1].Split(':');
            string[] majors = cells.Length > 3 ? cells[3].Split('-') : ["0", ""];
            return new Row(
                cells[0],
                names[0],
                names[1],
                cells[2],
                int.Parse(majors[0], CultureInfo.InvariantCulture),
                majors[1].Length == 0 ? int.MaxValue : int.Parse(majors[1], CultureInfo.InvariantCulture));
        }
    }
}
